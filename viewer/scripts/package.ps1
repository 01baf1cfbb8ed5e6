# A portable archive of the window and the command line for Windows: the twin of package.sh.
#
#   powershell -File viewer\scripts\package.ps1 [-Out FOLDER] [-Programs FOLDER]
#
# -Programs names a folder with agtwin.exe and agtwin-viewer.exe; otherwise they are built (release). The archive runs from any folder and writes
# nothing outside it but the list of files opened lately (%APPDATA%\agtwin). The window needs Windows' own Direct3D 12, nothing else.
param([string]$Out = "", [string]$Programs = "")
$ErrorActionPreference = "Stop"

$root = (Resolve-Path (Join-Path $PSScriptRoot "..\..")).Path
if ($Out -eq "") { $Out = Join-Path $root "target\package" }
if ($Programs -eq "") {
    $Programs = Join-Path $root "target\release"
    Push-Location $root
    try {
        cargo build --release --locked -p agtwin-scenarios -p viewer
        if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    } finally { Pop-Location }
}

$manifest = Get-Content (Join-Path $root "Cargo.toml") -Raw
$version = [regex]::Match($manifest, '(?s)\[workspace\.package\].*?\nversion = "([^"]+)"').Groups[1].Value
$name = "agtwin-$version-windows-$($env:PROCESSOR_ARCHITECTURE.ToLower())"
$folder = Join-Path $Out $name
if (Test-Path $folder) { Remove-Item -Recurse -Force $folder }
New-Item -ItemType Directory -Force $folder | Out-Null

foreach ($program in "agtwin.exe", "agtwin-viewer.exe") { Copy-Item (Join-Path $Programs $program) $folder }
foreach ($paper in "README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE", "viewer\assets\BeVietnamPro-LICENSE.txt", "viewer\assets\agtwin.svg") {
    Copy-Item (Join-Path $root $paper) $folder
}
& (Join-Path $folder "agtwin.exe") licences | Out-File -Encoding utf8 (Join-Path $folder "LICENCES.txt")
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }

$archive = Join-Path $Out "$name.zip"
Compress-Archive -Force -Path $folder -DestinationPath $archive
Remove-Item -Recurse -Force $folder
Write-Output $archive
