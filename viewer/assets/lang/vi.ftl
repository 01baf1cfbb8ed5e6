### Các câu chữ của cửa sổ bằng tiếng Việt; khóa và biến giống như trong en.ftl.

## The side panel

on-road = Xe trên đường
waiting = Chờ vào đường
arrived = Đã đến nơi
now = Hiện tại
vehicles = Xe
no-map = Chưa mở bản đồ nào
sketch = Bản đồ phác thảo: đường vẽ giản lược từ các dữ kiện công khai, không phải số đo. Lưu lượng chỉ để minh họa.
sketch-short = Bản đồ phác thảo, lưu lượng minh họa
data = Dữ liệu
sketch-data = vẽ từ dữ kiện công khai; vị trí địa danh © GeoNames, CC BY 4.0
unfitted = Nhu cầu đi lại ước theo dân số, chưa hiệu chỉnh theo số đếm
fitted = Nhu cầu đi lại đã hiệu chỉnh theo số đếm
fit-now = Hiệu chỉnh theo số đếm
fit-tip = Chạy mô phỏng vài lần để khớp với số đếm; mất vài phút, có thể hủy

## Time

pause = Tạm dừng
play = Chạy
step = Từng bước
restart = Về đầu
speed = Tốc độ
fastest = nhanh nhất
jump-to = Đến giờ
jump-tip = Giờ:phút, rồi Enter. Lùi về trước thì mô phỏng lại từ điểm lưu gần nhất.
finished = Đã hết kịch bản.
stopped = Không mô phỏng được:
crashed = Mô phỏng gặp lỗi và đã dừng:
crashed-help = Vẫn có thể lùi lại hoặc lưu kịch bản.
bookmark-tip = Đánh dấu thời điểm này trên thanh thời gian
part-map = mở bản đồ
part-demand = tính nhu cầu đi lại
part-trips = rút các chuyến đi
cancel = Hủy
close = Đóng

## Layers

layers = Lớp
layer-roads = Chỉ đường
layer-speed = Tốc độ
layer-flow = Lưu lượng
layer-density = Mật độ
layer-delay = Độ trễ
layer-queue = Hàng chờ
layer-service = Mức phục vụ
layer-emissions = Phát thải CO2
layer-conflicts = Xung đột giao thông
layer-sensors = Vùng phủ máy đếm
layer-counts = Lệch so với số đếm
unit-conflicts = vụ/km/h, từ đầu
unit-sensors = máy
unit-percent = %
sensor-loop = Vòng từ
sensor-camera = Camera
sensor-radar = Radar
coverage = Quãng đường xe chạy trên đường có máy đếm
coverage-tip = Trong phút vừa qua, trên mọi đường
counted-sim = mô phỏng
counted-real = đếm thực
counts-wait = Có số liệu khi khoảng đo đầu tiên kết thúc.
no-counts = Kịch bản này không có số đếm.
conflicts-off = Chưa tìm xung đột: bật trong trình đơn Lớp.
conflicts-are = Thời gian đến va chạm và giảm tốc cần thiết vượt ngưỡng; vòng tròn: trong nút
look-for-conflicts = Tìm xung đột (mở lại)
look-for-conflicts-tip = Mô phỏng lại từ đầu và ghi các vụ suýt va chạm; chạy chậm hơn một chút
show-difference = Bản đồ chênh lệch
difference-of = Bên trái trừ bên phải; cam: nhiều hơn, tím: ít hơn
difference-needs = Cần bật So sánh và một lớp có thể trừ
layer-wait = Lớp có số liệu sau phút mô phỏng đầu tiên.
layer-of = phút vừa qua
width-is-flow = Bề rộng: lưu lượng
service-from = HCM 2010, theo phần trăm tốc độ cho phép
no-value = không có xe
no-unit = { "" }
unit-kmh = km/h
unit-per-hour = xe/h
unit-per-km = xe/km
unit-seconds-per-km = giây/km
unit-metres = m
unit-of-limit = % tốc độ cho phép
unit-co2 = kg/km/h
colour-by = Màu xe theo
by-class = loại xe
by-speed = tốc độ
by-delay = thời gian mất
by-purpose = mục đích
by-emission = khí thải CO₂ của chuyến đi
unit-co2-per-km = g CO₂/km
hide-vehicles = Ẩn xe
purpose-personal = cá nhân
purpose-freight = chở hàng
purpose-public = công cộng
purpose-emergency = khẩn cấp

## The top bar

open = Mở…
search-hint = Tìm đường, địa danh
nothing-found = Không tìm thấy
indicators = Chỉ số
compare = So sánh
export = Xuất
help = Trợ giúp
about = Giới thiệu
day-night = Sáng / tối
larger = Chữ lớn hơn
smaller = Chữ nhỏ hơn
fit = Xem toàn bộ
north = Xoay về hướng bắc
zoom-in = Phóng to
zoom-out = Thu nhỏ
north-letter = B

## What was clicked

vehicle = Xe
follow = Đi theo
unfollow = Thôi đi theo
trip = Chuyến đi
purpose = Mục đích
from = Từ
to = Đến
departed = Xuất phát
distance = Đã đi
time-lost = Thời gian mất
stops = Số lần dừng
co2 = CO2
speed-now = Tốc độ hiện tại
has-arrived = Đã đến nơi.
not-on-road = Không ở trên đường.
road = Đường
nameless-road = Đường không tên
length = Chiều dài
lanes = Số làn
width = Bề rộng
limit = Tốc độ cho phép
junction = Nút giao
nameless-junction = Nút giao không tên
with-signal = có đèn tín hiệu
with-priority = ưu tiên theo biển báo
roundabout = vòng xuyến
approaches = Nhánh vào
controller = Điều khiển
cycle = Chu kỳ
fundamental-diagram = Biểu đồ cơ bản
fundamental-tip = Mỗi chấm là một phút: mật độ (xe/km) và lưu lượng (xe/h)
queue-length = Hàng chờ dài nhất
ring-diagram = Vòng đèn
ring-tip = Một vòng là một chu kỳ của phương án; kim chỉ hiện tại nếu đèn chạy theo đồng hồ
lamp-history = Đèn trong 4 phút qua
through-traffic = Xe qua nút, xe/h
after-minute = Biểu đồ có số liệu sau phút đầu tiên.
station = Điểm phục vụ
detector = Máy đếm
gate = trạm
parked-now = Xe đang đỗ
aboard-now = Xe trên phà ở bến
stand-now = Xe đang dừng
served-now = Xe đang được phục vụ
wait-there = Xe chờ trên đường
served-so-far = Lượt đã phục vụ
next-boat = Chuyến phà tới
counted-so-far = Đã đếm từ đầu
occupied-now = Thời gian có xe
show-road = Xem con đường

## Edits

edit = Thay đổi
close-road = Đóng đường
close-lane = Đóng một làn
add-accident = Tai nạn
set-limit = Đặt tốc độ
retime = Chỉnh đèn…
switch-to = Chuyển sang
switch = Chuyển
switch-tip = Từ bước sau; máy đếm cần thiết được lắp thêm
place-detector = Đặt máy đếm
place-detector-tip = Đếm và đo tốc độ xe đi qua; kết quả vào tệp kết quả
detector-at-tip = Vị trí trên đoạn đường, tính từ đầu đoạn
demand-and-fleet = Nhu cầu và đội xe
trips-from-now = Chuyến đi từ bây giờ
trips-tip = So với kịch bản. Chuyến nào bớt hoặc thêm là do rút thăm cố định; xe buýt và xe ưu tiên giữ nguyên.
electric-share = Tỷ lệ xe điện
electric-tip = Của các xe khởi hành từ bây giờ
system-share = Xe có hệ thống lái
system-tip = Của các xe khởi hành từ bây giờ; xe máy, xe đạp không có hệ thống này
tracker-share = Xe có thiết bị giám sát hành trình
tracker-tip = Báo vượt tốc độ và đi sai làn, từ bây giờ
motor-vehicles = mọi ô tô
commercial-vehicles = xe kinh doanh vận tải
guided-share = Người dùng ứng dụng dẫn đường
guided-tip = Được báo thời gian đi và có thể đổi đường giữa chừng
all-classes = mọi loại xe
set = Đặt
apply = Áp dụng
undo = Hoàn tác
undo-this = Hoàn tác thay đổi này từ bây giờ; các thay đổi khác vẫn giữ
minutes = phút
for-minutes = trong
edits = Thay đổi đã làm
no-edits = Chưa thay đổi gì. Bấm vào một con đường hoặc nút giao để bắt đầu.
save-scenario = Lưu thành kịch bản…
saved-unfitted = Khi chạy lại bằng agtwin run, nhu cầu sẽ được hiệu chỉnh theo số đếm, nên kết quả khác với lượt chạy này.
branch = Nhánh
branch-tip = Sửa sau khi lùi lại sẽ mở một nhánh mới; nhánh cũ vẫn còn
plan-help = Thời gian xanh, vàng, đỏ toàn phần của mỗi pha, giây
green = xanh
yellow = vàng
all-red = đỏ toàn phần
offset = Lệch pha

## Corrections of the map

correct-map = Sửa bản đồ
correct-tip = Khác với thử thay đổi: ghi vào tệp hiệu chỉnh, dùng cho mọi kịch bản của bản đồ, rồi mở lại.
write-correction = Ghi
undo-correction = ⟲ Bỏ lần sửa bản đồ cuối
both-directions = Cả hai chiều
remove-road = Không có đường này
remove-road-tip = Bỏ đường này và mọi lối rẽ qua nó khỏi bản đồ
turns = Các hướng rẽ ở cuối đường
ban-turn = Cấm
allow-turn = Cho rẽ
signal-here = Ở đây có đèn tín hiệu
no-signal-here = Ở đây không có đèn tín hiệu
write-plan = Ghi pha đèn này vào bản đồ
missing-road = Đường còn thiếu
new-road-from = Bắt đầu từ đây
new-road-to = Kết thúc ở đây
new-road-next = Bấm vào đất trống ở chỗ đường uốn, rồi bấm nút giao ở đầu kia.
undo-bend = Bỏ điểm cuối

## Indicators and comparison

indicator = Chỉ số
value = Giá trị
target = Mục tiêu
status = Tình trạng
trend = Diễn biến
over-seeds = Phân bố qua các lần chạy
over-seeds-tip = Mỗi chấm là một lần chạy, vạch là trung bình; mỗi hàng một kịch bản
copy-table = Chép bảng
copied = Đã chép vào bộ nhớ tạm.
only-known = Chỉ những chỉ số đã có giá trị
indicators-wait = Đang tính…
compare-base = Không thay đổi
compare-edited = Có thay đổi
compare-tip = Chạy song song kịch bản này, không có các thay đổi của bạn, cùng giờ, cùng chuyến đi
compare-with = So sánh với
compare-other = Kịch bản khác…
compare-when-running = Phải có mô phỏng đang chạy
stop-compare = Thôi so sánh
difference = Chênh lệch
mean-speed = Tốc độ trung bình
lost-together = Thời gian mất (xe trên đường)

## Opening and saving

start = Bắt đầu
start-help = Chọn một ví dụ, hoặc mở kịch bản, bản đồ OpenStreetMap, thư mục kết quả của bạn.
examples = Ví dụ
recent = Gần đây
open-file = Mở tệp…
open-folder = Mở thư mục kết quả…
drop-hint = Cũng có thể kéo thả tệp vào cửa sổ.
open-report = Trang báo cáo
screenshot = Ảnh màn hình (PNG)
record-gif = Ghi hình GIF
record-png = Ghi chuỗi ảnh PNG
record-mp4 = Ghi hình MP4
needs-ffmpeg = cần cài thêm chương trình ffmpeg
stop-recording = Dừng ghi
layer-geo-json = Lớp đường (GeoJSON)
html-report = Báo cáo HTML (chạy hết kịch bản)

## Help

help-keys = Phím tắt
key-space = chạy hoặc dừng
full-stop = . (dấu chấm)
key-step = một bước
key-faster = nhanh hơn, chậm hơn
key-home = về chỗ ban đầu
key-fit = xem toàn bộ bản đồ
key-turn = xoay bản đồ
key-north = bắc ở trên
key-pan = di chuyển bản đồ
key-zoom = phóng to, thu nhỏ
key-search = tìm kiếm
key-open = mở
key-undo = hoàn tác
key-layer = lớp tiếp theo
key-vehicle = đi theo một xe ở giữa bản đồ
key-escape = bỏ chọn, đóng cửa sổ
key-help = trang này
key-shot = ảnh màn hình
help-mouse = Chuột
mouse-drag = Kéo để di chuyển, lăn để phóng to tại con trỏ, kéo nút phải để xoay
mouse-click = Bấm vào xe, đường hoặc nút giao để xem và thay đổi
about-text = An Giang Twin, bản sao số mở về giao thông tỉnh An Giang. Mã nguồn: MIT hoặc Apache-2.0.
licences = Giấy phép
no-gpu = Không có trình điều khiển đồ họa Vulkan. Hãy cài `mesa-vulkan-drivers libvulkan1` (Debian, Ubuntu) hoặc trình điều khiển của card đồ họa. Mọi việc khác không cần cửa sổ: `agtwin run`, `agtwin compare`.
no-display = Không có màn hình: chưa đặt DISPLAY hay WAYLAND_DISPLAY, hoặc thiếu thư viện X11 (`libx11-6 libxcursor1 libxi6 libxrandr2 libxkbcommon-x11-0`). Không cần cửa sổ: `agtwin run`, `agtwin compare`.

## Kinds of places

place-settlement = địa phương
place-hospital = bệnh viện
place-fire-station = cứu hỏa
place-police = công an
place-bus-station = bến xe
place-bus-stop = trạm xe buýt
place-car-park = bãi xe
place-ferry-landing = bến phà
place-toll-gate = trạm thu phí
place-weigh-station = trạm cân
place-border-gate = cửa khẩu
place-crossing = lối qua đường
place-tourist-site = điểm du lịch
place-school = trường học
place-market = chợ
place-industrial-park = khu công nghiệp
place-airport = sân bay

## Ways to control a signal

control-fixed = theo đồng hồ
control-coordinated = phối hợp
control-webster = Webster
control-actuated = theo xe đến
control-max-pressure = áp lực lớn nhất
control-cyclic-max-pressure = áp lực, pha theo thứ tự
control-efficient-max-pressure = áp lực theo làn
control-advanced-max-pressure = áp lực, giữ pha
control-predictive = dự báo
control-predictive-oracle = dự báo biết sự thật (cận trên)
control-onnx = mạng nơ-ron (ONNX)
control-trial = thử nghiệm

## Classes of roads

road-motorway = cao tốc
road-trunk = quốc lộ
road-primary = trục chính
road-secondary = liên khu vực
road-tertiary = khu vực
road-minor = đường nhỏ
road-service = nội bộ
road-residential = khu dân cư

## In lists and units

a-camera = camera
a-loop = vòng từ
a-radar = radar
a-nameless-road = đường không tên
unit-seconds = giây
unit-hours = giờ

## Examples on the start page

example-long-xuyen-morning = Long Xuyên vào một buổi sáng ngày thường, từ 06:30 đến 08:30.
example-long-xuyen-bridge = Cầu Hoàng Diệu đóng một giờ giữa giờ cao điểm: ùn tắc lan đến đâu?
example-long-xuyen-market = Một tuyến xe buýt và các bãi xe ở chợ Long Xuyên hết chỗ: ai phải tìm tiếp?
example-long-xuyen-signals = Đèn tín hiệu theo lưu lượng thực ở các nút của Long Xuyên.
example-long-xuyen-questions = Kịch bản gốc cho các câu hỏi của đề án: đèn thích ứng, xe cứu thương, Tết, xe tải, xe điện, phà.
example-ct34-av = Xe có hỗ trợ lái và xe tự lái trên cao tốc CT34.
example-binh-long-shuttles = Xe buýt nhỏ tự lái trong khu công nghiệp Bình Long.
example-speed-assistance = Hỗ trợ giữ tốc độ và thiết bị giám sát hành trình trên xe tải, xe khách.

## File dialogs

dialog-open = Mở
dialog-save = Lưu
dialog-overwrite = Ghi đè
dialog-overwrite-ask = đã có. Ghi đè lên?
dialog-reload = ⟲ Tải lại
dialog-working = Thư mục đang làm việc
dialog-hidden = Hiện tệp ẩn
dialog-system = Hiện tệp hệ thống
dialog-select-all = Chọn tất cả
dialog-pinned = Đã ghim
dialog-pin = Ghim
dialog-unpin = Bỏ ghim
dialog-rename = Đổi tên
dialog-places = Nơi chốn
dialog-devices = Thiết bị
dialog-removable = Thiết bị tháo rời
dialog-home = Thư mục riêng
dialog-desktop = Màn hình
dialog-documents = Tài liệu
dialog-downloads = Tải xuống
dialog-audio = Âm thanh
dialog-pictures = Hình ảnh
dialog-videos = Phim
dialog-folder-chosen = Thư mục đã chọn:
dialog-file-chosen = Tệp đã chọn:
dialog-file-name = Tên tệp:
dialog-all-files = Mọi tệp
dialog-any-ending = Bất kỳ
dialog-no-folder-name = Chưa có tên thư mục
dialog-no-file-name = Chưa có tên tệp
dialog-folder-there = Đã có thư mục tên này
dialog-file-there = Đã có tệp tên này

## What is going on

jumping = Đang mô phỏng đến { $time }
preparing = Đang chuẩn bị: { $part }
opening = Đang mở { $name } …
fitting = hiệu chỉnh theo số đếm, lần { $run } trên { $of }
assigning = chọn lại đường đi, lượt { $run } trên { $of }
assigning-at-most = chọn lại đường đi, lượt { $run } trên tối đa { $of }
speed-reached = đạt được { $speed }×
recording = Đang ghi { $count }
report-running = Đang chạy để lập báo cáo: { $part }

## What came of it

written = Đã ghi: { $path }
failed = Không được: { $why }
failed-with = Không được: { $file }: { $why }
refused = Bị từ chối: { $why }
other-map = bản đồ khác ({ $first } và { $second } đoạn đường); chỉ so sánh được hai kịch bản trên cùng bản đồ
more-roads = nó có { $count } đoạn đường mà kịch bản trên màn hình không có: hãy mở nó rồi so sánh với kịch bản này
other-times = giờ bắt đầu hoặc bước mô phỏng khác nhau ({ $first } và { $second }); hãy đặt `time.from` và `time.step` như nhau
plan-safe = An toàn, chu kỳ { $cycle } s
plan-unsafe = Không an toàn, nên không áp dụng: { $why }

## Roads, junctions, layers

road-towards = { $road }, về phía { $next }
phase-of = Pha { $phase } ({ $groups })
left-out = { $count } mục trong tệp không còn khớp với bản đồ
merge-with = Gộp với { $junction }
split-junction = Tách nút này ({ $nodes })
counts-of = { $from }–{ $to }, mô phỏng so với đếm thực, mọi loại xe
show-layer = Xem trên bản đồ, lớp { $layer }
density-and-flow = { $density } xe/km, { $flow } xe/h
results-of = Kết quả: { $name }
seeds = Số lần chạy (hạt giống): { $count }

## Changes that were made

closed = Đóng { $place }
closed-lanes = Đóng { $place } (làn { $lanes })
opened = Mở lại { $place }
opened-lanes = Mở lại { $place } (làn { $lanes })
accident-at = Tai nạn, { $place }
limit-set = Tốc độ { $kmh } km/h, { $place }
control-set = Điều khiển { $place }: { $method }
retimed = Chỉnh đèn { $place }
demand-set = Nhu cầu { $percent } %, { $whom }
electric-set = Xe điện { $percent } %, { $whom }
automation-set = { $system } { $percent } %, { $whom }
trackers-set = Giám sát hành trình { $percent } %, { $whom }
guidance-set = Được báo thời gian đi: { $percent } %
detector-set = Đặt máy đếm ({ $sensor }), { $place }
undid = Hoàn tác: { $edit }
lane-use-set = Xe nào được đi làn nào, { $place }
departures-set = Giờ khởi hành khác, { $whom }
vehicle-removed = Đưa xe ra khỏi đường: { $trip }
bends = Điểm uốn: { $count }
new-road-set = Đường mới { $road }
bus-line-set = Thay đổi tuyến buýt { $line }
car-park-set = Thay đổi bãi đỗ xe { $place }
