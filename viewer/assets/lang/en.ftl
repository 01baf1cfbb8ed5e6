### The window's words in English; keys and variables are those of vi.ftl.

## The side panel

on-road = Vehicles on the road
waiting = Waiting to enter
arrived = Arrived
now = At present
vehicles = Vehicles
no-map = No map is open
sketch = Sketch map: roads are drawn in simplified form from public facts, not surveyed. Traffic is illustrative.
sketch-short = Sketch map, illustrative traffic
data = Data
sketch-data = drawn from public facts; place positions © GeoNames, CC BY 4.0
unfitted = Demand from inhabitants, not yet fitted to the counts
fitted = Demand fitted to the counts
fit-now = Fit to the counts
fit-tip = Simulates several times to match the counts; takes minutes, can be cancelled

## Time

pause = Pause
play = Play
step = Single step
restart = To the beginning
speed = Speed
fastest = fastest
jump-to = Go to
jump-tip = Hour:minute, then Enter. Backwards simulates again from the nearest checkpoint.
finished = The scenario has ended.
stopped = There is no simulation:
crashed = The simulation broke down and stands:
crashed-help = You can still go back in time or save the scenario.
bookmark-tip = Mark this moment on the time line
part-map = opening the map
part-demand = working out the demand
part-trips = drawing the trips
cancel = Cancel
close = Close

## Layers

layers = Layers
layer-roads = Roads only
layer-speed = Speed
layer-flow = Flow
layer-density = Density
layer-delay = Delay
layer-queue = Queue
layer-service = Level of service
layer-emissions = CO2 emissions
layer-conflicts = Conflicts
layer-sensors = Sensor coverage
layer-counts = Deviation from counts
unit-conflicts = per km and hour, since the beginning
unit-sensors = detectors
unit-percent = %
sensor-loop = Loops
sensor-camera = Cameras
sensor-radar = Radars
coverage = Way driven on roads with a detector
coverage-tip = In the last minute, of all roads
counted-sim = simulated
counted-real = observed
counts-wait = Values come when the first interval is over.
no-counts = This scenario has no counts.
conflicts-off = Nobody looks for conflicts: turn it on in the Layers menu.
conflicts-are = Time to collision and deceleration beyond their thresholds; circles: inside junctions
look-for-conflicts = Look for conflicts (opens again)
look-for-conflicts-tip = Simulates again from the beginning and notes near misses; a little slower
show-difference = Difference map
difference-of = Left minus right; orange: more, purple: less
difference-needs = Needs Compare and a layer that can be subtracted
layer-wait = Layers have values after the first simulated minute.
layer-of = the last minute
width-is-flow = Width: flow
service-from = HCM 2010, as percent of the limit
no-value = no traffic
no-unit = { "" }
unit-kmh = km/h
unit-per-hour = veh/h
unit-per-km = veh/km
unit-seconds-per-km = s/km
unit-metres = m
unit-of-limit = % of the limit
unit-co2 = kg/km/h
colour-by = Vehicle colour by
by-class = class
by-speed = speed
by-delay = time lost
by-purpose = purpose
by-emission = CO₂ of the trip
unit-co2-per-km = g CO₂/km
hide-vehicles = Hide vehicles
purpose-personal = personal
purpose-freight = freight
purpose-public = public transport
purpose-emergency = emergency

## The top bar

open = Open…
search-hint = Search street or place
nothing-found = Nothing found
indicators = Indicators
compare = Compare
export = Export
help = Help
about = About
day-night = Light / dark
larger = Larger text
smaller = Smaller text
fit = Show all
north = Turn north up
zoom-in = Zoom in
zoom-out = Zoom out
north-letter = N

## What was clicked

vehicle = Vehicle
follow = Follow
unfollow = Stop following
trip = Trip
purpose = Purpose
from = From
to = To
departed = Departed
distance = Driven
time-lost = Time lost
stops = Stops
co2 = CO2
speed-now = Speed now
has-arrived = It has arrived.
not-on-road = It is not on the road.
road = Road
nameless-road = Nameless road
length = Length
lanes = Lanes
width = Width
limit = Limit
junction = Junction
nameless-junction = Nameless junction
with-signal = with signals
with-priority = priority by signs
roundabout = roundabout
approaches = Approaches
controller = Control
cycle = Cycle
fundamental-diagram = Fundamental diagram
fundamental-tip = Each dot is a minute: density (veh/km) and flow (veh/h)
queue-length = Longest queue
ring-diagram = Signal ring
ring-tip = One round is one cycle of the plan; the hand is now, where it runs by the clock
lamp-history = Lamps of the last 4 minutes
through-traffic = Vehicles through, veh/h
after-minute = Charts have values after the first minute.
station = Station
detector = Detector
gate = gate
parked-now = Parked now
aboard-now = On the boat at the landing
stand-now = Standing now
served-now = Being served
wait-there = Waiting on the road
served-so-far = Served so far
next-boat = Next boat
counted-so-far = Counted so far
occupied-now = Occupied now
show-road = Show the road

## Edits

edit = Change
close-road = Close the road
close-lane = Close a lane
add-accident = Accident
set-limit = Set limit
retime = Re-time…
switch-to = Switch to
switch = Switch
switch-tip = From the next step on; the detectors it needs are put up
place-detector = Place a detector
place-detector-tip = Counts those who pass and measures their speed; it goes into the results
detector-at-tip = Where on the road, from its start
demand-and-fleet = Demand and fleet
trips-from-now = Trips from now on
trips-tip = Against the scenario. Which trips stay away or are repeated is a fixed draw; buses and blue light are left alone.
electric-share = Share of electric vehicles
electric-tip = Of those who set out from now on
system-share = Driving systems
system-tip = Of those who set out from now on; motorcycles and bicycles have no such system
tracker-share = Vehicles with a journey tracker
tracker-tip = Reports speeding and wrong lanes, from now on
motor-vehicles = all but two-wheelers
commercial-vehicles = commercial transport
guided-share = Users of a navigation app
guided-tip = They are told of travel times and may change their way
all-classes = all classes
set = Set
apply = Apply
undo = Undo
undo-this = Take this change back from now on; the others stand
minutes = min
for-minutes = for
edits = Changes made
no-edits = Nothing changed yet. Click a road or junction to begin.
save-scenario = Save as scenario…
saved-unfitted = Run again by agtwin run, its demand is fitted to the counts first, so it differs from this run.
branch = Branch
branch-tip = A change after going back opens a new branch; the old one stays
plan-help = Green, yellow and all-red of each phase, seconds
green = green
yellow = yellow
all-red = all-red
offset = Offset

## Corrections of the map

correct-map = Correct the map
correct-tip = Unlike a what-if change: written to the corrections of the map, for every scenario on it; then it is opened again.
write-correction = Write
undo-correction = ⟲ Take back the last correction
both-directions = Both directions
remove-road = There is no such road
remove-road-tip = Takes the road and all turns over it out of the map
turns = Turns at its end
ban-turn = Ban
allow-turn = Allow
signal-here = There are signals here
no-signal-here = There are no signals here
write-plan = Write this plan into the map
missing-road = A road that is missing
new-road-from = It begins here
new-road-to = It ends here
new-road-next = Click the land where it bends, then the junction at its other end.
undo-bend = Take the last back

## Indicators and comparison

indicator = Indicator
value = Value
target = Target
status = Status
trend = Trend
over-seeds = Spread over the seeds
over-seeds-tip = Each dot is one run, the tick is the mean; a line for each scenario
copy-table = Copy table
copied = Copied to the clipboard.
only-known = Only those with a value
indicators-wait = Computing…
compare-base = Without changes
compare-edited = With changes
compare-tip = Runs the scenario without your changes beside it, same time, same trips
compare-with = Compare with
compare-other = Another scenario…
compare-when-running = There must be a simulation running
stop-compare = Stop comparing
difference = Difference
mean-speed = Mean speed
lost-together = Time lost (on the road)

## Opening and saving

start = Start
start-help = Choose an example, or open your own scenario, OpenStreetMap map or result folder.
examples = Examples
recent = Recent
open-file = Open a file…
open-folder = Open a result folder…
drop-hint = You can also drop a file on the window.
open-report = Report page
screenshot = Screenshot (PNG)
record-gif = Record a GIF
record-png = Record PNG images
record-mp4 = Record an MP4
needs-ffmpeg = needs the program ffmpeg installed
stop-recording = Stop recording
layer-geo-json = Road layer (GeoJSON)
html-report = HTML report (runs the whole scenario)

## Help

help-keys = Keys
key-space = play or pause
full-stop = . (full stop)
key-step = one step
key-faster = faster, slower
key-home = back to where it opened
key-fit = show the whole map
key-turn = turn the map
key-north = north up
key-pan = move the map
key-zoom = zoom in, out
key-search = search
key-open = open
key-undo = undo
key-layer = next layer
key-vehicle = follow a vehicle in the middle
key-escape = deselect, close windows
key-help = this sheet
key-shot = screenshot
help-mouse = Mouse
mouse-drag = Drag to move, wheel to zoom at the cursor, drag the right button to turn
mouse-click = Click a vehicle, road or junction to see and change it
about-text = An Giang Twin, an open traffic digital twin for An Giang province. Source code: MIT or Apache-2.0.
licences = Licences
no-gpu = There is no Vulkan graphics driver. Install `mesa-vulkan-drivers libvulkan1` (Debian, Ubuntu) or the graphics card's own driver. Everything else works without a window: `agtwin run`, `agtwin compare`.
no-display = There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set, or X11's libraries are missing (`libx11-6 libxcursor1 libxi6 libxrandr2 libxkbcommon-x11-0`). Without a window: `agtwin run`, `agtwin compare`.

## Kinds of places

place-settlement = settlement
place-hospital = hospital
place-fire-station = fire station
place-police = police
place-bus-station = bus station
place-bus-stop = bus stop
place-car-park = car park
place-ferry-landing = ferry landing
place-toll-gate = toll gate
place-weigh-station = weigh station
place-border-gate = border gate
place-crossing = crossing
place-tourist-site = tourist site
place-school = school
place-market = market
place-industrial-park = industrial park
place-airport = airport

## Ways to control a signal

control-fixed = by the clock
control-coordinated = coordinated
control-webster = Webster
control-actuated = actuated
control-max-pressure = max pressure
control-cyclic-max-pressure = cyclic max pressure
control-efficient-max-pressure = efficient max pressure
control-advanced-max-pressure = advanced max pressure
control-predictive = predictive
control-predictive-oracle = predictive, told the truth (upper bound)
control-onnx = network (ONNX)
control-trial = trial

## Classes of roads

road-motorway = motorway
road-trunk = trunk
road-primary = primary
road-secondary = secondary
road-tertiary = tertiary
road-minor = minor
road-service = service
road-residential = residential

## In lists and units

a-camera = camera
a-loop = loop
a-radar = radar
a-nameless-road = a nameless road
unit-seconds = s
unit-hours = h

## Examples on the start page

example-long-xuyen-morning = Long Xuyên on a weekday morning, 06:30 to 08:30.
example-long-xuyen-bridge = Hoàng Diệu bridge closed for an hour in the peak: how far does the queue reach?
example-long-xuyen-market = A bus line, and car parks by the market that run full: who has to search on?
example-long-xuyen-signals = Signals that follow the traffic at the junctions of Long Xuyên.
example-long-xuyen-questions = The base for the plan's questions: adaptive signals, ambulances, Tết, trucks, electric vehicles, the ferry.
example-ct34-av = Cruise control and autonomous vehicles on the CT34 expressway.
example-binh-long-shuttles = Autonomous shuttles in the Bình Long industrial park.
example-speed-assistance = Speed assistance and trackers in trucks and coaches.

## File dialogs

dialog-open = Open
dialog-save = Save
dialog-overwrite = Overwrite
dialog-overwrite-ask = already exists. Do you want to overwrite it?
dialog-reload = ⟲ Reload
dialog-working = Working directory
dialog-hidden = Show hidden files
dialog-system = Show system files
dialog-select-all = Select all
dialog-pinned = Pinned
dialog-pin = Pin
dialog-unpin = Unpin
dialog-rename = Rename
dialog-places = Places
dialog-devices = Devices
dialog-removable = Removable devices
dialog-home = Home
dialog-desktop = Desktop
dialog-documents = Documents
dialog-downloads = Downloads
dialog-audio = Audio
dialog-pictures = Pictures
dialog-videos = Videos
dialog-folder-chosen = Folder chosen:
dialog-file-chosen = File chosen:
dialog-file-name = File name:
dialog-all-files = All files
dialog-any-ending = Any
dialog-no-folder-name = The folder has no name
dialog-no-file-name = The file has no name
dialog-folder-there = There is a folder of this name
dialog-file-there = There is a file of this name

## What is going on

jumping = Simulating up to { $time }
preparing = Getting ready: { $part }
opening = Opening { $name } …
fitting = fitting to the counts, run { $run } of { $of }
assigning = choosing ways anew, run { $run } of { $of }
assigning-at-most = choosing ways anew, run { $run } of at most { $of }
speed-reached = reached { $speed }×
recording = Recording { $count }
report-running = Running for the report: { $part }

## What came of it

written = Written: { $path }
failed = Failed: { $why }
failed-with = Failed: { $file }: { $why }
refused = Refused: { $why }
other-map = it has another map ({ $first } and { $second } links); two scenarios on the same map can be compared
more-roads = it has { $count } links that the scenario on the screen does not have: open it, and compare it with this one
other-times = it begins at another time or has other steps ({ $first } and { $second }); give both the same `time.from` and `time.step`
plan-safe = Safe, cycle { $cycle } s
plan-unsafe = Not safe, so not applied: { $why }

## Roads, junctions, layers

road-towards = { $road }, towards { $next }
phase-of = Phase { $phase } ({ $groups })
left-out = { $count } entries of the file do not fit the map any more
merge-with = Merge with { $junction }
split-junction = Split this junction ({ $nodes })
counts-of = { $from }–{ $to }, simulated against observed, all classes
show-layer = Show on the map, layer { $layer }
density-and-flow = { $density } veh/km, { $flow } veh/h
results-of = Results: { $name }
seeds = Runs (seeds): { $count }

## Changes that were made

closed = Closed: { $place }
closed-lanes = Closed: { $place } (lane { $lanes })
opened = Opened: { $place }
opened-lanes = Opened: { $place } (lane { $lanes })
accident-at = Accident, { $place }
limit-set = Limit { $kmh } km/h, { $place }
control-set = Control of { $place }: { $method }
retimed = Re-timed: { $place }
demand-set = Demand { $percent } %, { $whom }
electric-set = Electric { $percent } %, { $whom }
automation-set = { $system } { $percent } %, { $whom }
trackers-set = Journey trackers { $percent } %, { $whom }
guidance-set = Told of travel times: { $percent } %
detector-set = Detector ({ $sensor }), { $place }
undid = Undid: { $edit }
lane-use-set = Who may use which lane, { $place }
departures-set = Other departure times, { $whom }
vehicle-removed = Vehicle taken off the road: { $trip }
bends = Bends: { $count }
new-road-set = New road { $road }
bus-line-set = Bus line { $line } changed
car-park-set = Car park { $place } changed
