#!/usr/bin/env bash
# Packages of the window and the command line: a .deb where dpkg-deb is there, and an archive that runs from any folder. Linux; package.ps1 is its
# twin for Windows.
#
#   viewer/scripts/package.sh [FOLDER]          default: target/package
#
# PROGRAMS names a folder with agtwin and agtwin-viewer in it; otherwise they are built (release). The same programs give the same files, byte by byte.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:-$root/target/package}
programs=${PROGRAMS:-$root/target/release}
if [ -z "${PROGRAMS:-}" ]; then
    (cd "$root" && cargo build --release --locked -p agtwin-scenarios -p viewer)
fi
for program in agtwin agtwin-viewer; do
    [ -x "$programs/$program" ] || { echo "$programs/$program is missing" >&2; exit 2; }
done

version=$(sed -n '/^\[workspace.package\]/,/^\[/ s/^version = "\(.*\)"/\1/p' "$root/Cargo.toml")
machine=$(uname -m)
export SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# put FILE FOLDER [MODE]: installs it there.
put() { install -D -m "${3:-644}" "$1" "$2/$(basename "$1")"; }

# What both packages have: papers FOLDER, both FOLDER (the programs).
papers() {
    put "$root/README.md" "$1"
    put "$root/CHANGELOG.md" "$1"
    put "$root/LICENSE-MIT" "$1"
    put "$root/LICENSE-APACHE" "$1"
    put "$root/viewer/assets/BeVietnamPro-LICENSE.txt" "$1"
    "$programs/agtwin" licences > "$1/LICENCES.txt"
}
both() {
    local program
    for program in agtwin agtwin-viewer; do
        put "$programs/$program" "$1" 755
        ! command -v strip > /dev/null || strip "$1/$program"
    done
}

name=agtwin-$version-linux-$machine
both "$work/$name"
papers "$work/$name"
put "$root/viewer/assets/agtwin.svg" "$work/$name"
put "$root/viewer/assets/agtwin-viewer.desktop" "$work/$name"
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$work" -cf - "$name" | gzip -9n > "$out/$name.tar.gz"
echo "$out/$name.tar.gz"

if ! command -v dpkg-deb > /dev/null; then
    echo "dpkg-deb is not there, so no .deb"
    exit 0
fi
deb=$work/deb
both "$deb/usr/bin"
papers "$deb/usr/share/doc/agtwin"
put "$root/viewer/assets/agtwin.svg" "$deb/usr/share/icons/hicolor/scalable/apps"
put "$root/viewer/assets/agtwin-viewer.desktop" "$deb/usr/share/applications"
cat > "$deb/usr/share/doc/agtwin/copyright" << END
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: An Giang Twin

Files: *
Copyright: An Giang Twin contributors
License: MIT or Apache-2.0
 Both texts are in /usr/share/doc/agtwin; LICENCES.txt there lists every package, font and data set in the programs.
END
mkdir -p "$deb/DEBIAN"
architecture=$(dpkg --print-architecture)
libc=$(dpkg-query -W -f '${Version}' libc6 2> /dev/null | sed 's/-.*//')
cat > "$deb/DEBIAN/control" << END
Package: agtwin
Version: $version
Architecture: $architecture
Maintainer: An Giang Twin contributors <agtwin@localhost>
Installed-Size: $(du -sk "$deb/usr" | cut -f1)
Section: science
Priority: optional
Depends: libc6${libc:+ (>= $libc)}, libgcc-s1
Recommends: libvulkan1, mesa-vulkan-drivers | vulkan-icd, libx11-6, libx11-xcb1, libxcb1, libxcursor1, libxi6, libxrandr2, libxkbcommon0, libxkbcommon-x11-0
Suggests: ffmpeg
Description: traffic digital twin of An Giang province
 Simulates traffic in which motorcycles dominate, compares scenarios and
 shows them in a window (agtwin-viewer). The command line (agtwin) needs
 none of the recommended packages; the window needs them all.
END
find "$deb" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --build "$deb" "$out/agtwin_${version}_$architecture.deb" > /dev/null
echo "$out/agtwin_${version}_$architecture.deb"
