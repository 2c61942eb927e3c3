//! A job as a row of short dispatches: every lane of the device works on a photon, and takes the next one
//! as soon as its own has ended. Between dispatches photons wait in memory, so that none is ever long.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use super::buffers::Buffers;
use super::dispatch::{Dispatches, Progress, Sent};
use super::failure::caught;
use super::shader::{JobHeader, WORKGROUP};
use super::work::{Part, parts, work_list, workgroups};
use super::{Features, GpuEngine, Settings, traffic};
use crate::counts::Counts;
use crate::engine::{EngineError, EngineFuture, Loaded, Monitor, PhotonRange};
use crate::tables::Tables;

/// What one dispatch should take: long enough to hide its cost, short enough for every watchdog.
const DISPATCH_SECONDS: f64 = 0.05;
const FIRST_ROUNDS: u64 = 32;
const LEAST_ROUNDS: u32 = 4;
/// Turns between two visits to what is rare (`shaders/lanes.wgsl`), before a job has shown how rare it is.
const FIRST_TURNS: u32 = 4;
const MOST_TURNS: u32 = 16;
/// Events of one dispatch, at most.
const EVENTS_OF_DISPATCH: u64 = 1 << 30;
/// Dispatches under way at once, so that the device need not wait for the host.
const IN_FLIGHT: usize = 2;

/// Tables on the device, for one job after another.
pub struct OnDevice<'a> {
    engine: &'a GpuEngine,
    tables: &'a Tables,
    /// What each design is run with.
    features: Vec<Features>,
    /// Made by the first job; none after one that failed.
    buffers: Option<Buffers>,
    /// Rounds of all lanes together, and turns, of the next job's first dispatch.
    lane_rounds: u64,
    turns: u32,
}

impl Loaded for OnDevice<'_> {
    fn run<'a>(
        &'a mut self,
        seed: u64,
        ranges: &'a [PhotonRange],
        counts: &'a mut [Counts],
        monitor: &'a dyn Monitor,
    ) -> EngineFuture<'a> {
        Box::pin(async move {
            let mut ended = 0;
            for part in parts(ranges, &self.features) {
                let flow = self.run_part(seed, &part, counts, ended, monitor).await?;
                ended += part.ranges.iter().map(|range| range.count).sum::<u64>();
                if flow.is_break() {
                    break;
                }
            }
            Ok(())
        })
    }
}

impl<'a> OnDevice<'a> {
    pub fn new(engine: &'a GpuEngine, tables: &'a Tables) -> Self {
        let Settings { always, never, .. } = engine.settings;
        let features = Features::by_design(tables).into_iter().map(|own| own.or(always).without(never)).collect();
        Self {
            engine,
            tables,
            features,
            buffers: None,
            lane_rounds: FIRST_ROUNDS * lanes(engine.workgroups[0]),
            turns: FIRST_TURNS,
        }
    }

    async fn run_part(
        &mut self,
        seed: u64,
        part: &Part,
        counts: &mut [Counts],
        ended_before: u64,
        monitor: &dyn Monitor,
    ) -> Result<ControlFlow<()>, EngineError> {
        let engine = self.engine;
        let events_at_once = engine.settings.events_at_once;
        let (work, slots) = work_list(&part.ranges);
        let several = Features { many_ranges: work.len() > 1, ..Features::NONE };
        let features = part.features.or(several.without(engine.settings.never));
        let pipeline = engine.pipelines.get(&engine.device, features).await?;
        let buffers = match self.buffers.take() {
            Some(buffers) => buffers,
            None => caught(&engine.device, || Buffers::new(engine, self.tables)).await??,
        };
        let bind_group = caught(&engine.device, || buffers.bind(engine, self.tables, &work)).await??;
        let workgroups = workgroups(part.ranges.iter().map(|range| range.count).sum(), engine.workgroups);
        let lanes = lanes(workgroups);
        let mut device = Dispatches { engine, pipeline, bind_group, workgroups, buffers };
        let mut header = JobHeader {
            seed: [seed as u32, (seed >> 32) as u32],
            first: [work[0].first_low, work[0].first_high],
            design: work[0].design,
            start: work[0].start,
            slots,
            ranges: work.len() as u32,
            rounds: ((self.lane_rounds / lanes) as u32).max(LEAST_ROUNDS),
            turns: self.turns,
        };
        device.clear();
        let mut under_way = VecDeque::new();
        let mut events = 0;
        let mut flow = ControlFlow::Continue(());
        let mut last_seconds = monitor.seconds();
        loop {
            // keep the device busy
            while under_way.len() < IN_FLIGHT {
                let more = lanes * header.rounds as u64 * (header.turns + 1) as u64;
                if events + more > events_at_once {
                    // what was sent goes on meanwhile, and so does what follows
                    under_way.push_back(Sent::Counts(device.send_counts()));
                    events = 0;
                }
                events += more;
                under_way.push_back(Sent::Dispatch(device.send(&header), header.rounds, header.turns));
            }
            // see how far the oldest came
            let (status, rounds, turns) = match under_way.pop_front().expect("one was just sent") {
                Sent::Counts(submission) => {
                    device.add_counts(submission, self.tables, counts).await?;
                    continue;
                }
                Sent::Dispatch(status, rounds, turns) => (status, rounds, turns),
            };
            let Progress { ended, busy, flown, served } = device.read(status).await?;
            traffic::add(&engine.counter.turns, lanes * rounds as u64 * turns as u64);
            traffic::add(&engine.counter.flown, flown as u64);
            if busy == 0 {
                for sent in under_way {
                    match sent {
                        Sent::Counts(submission) => device.add_counts(submission, self.tables, counts).await?,
                        Sent::Dispatch(status, ..) => device.ignore(status),
                    }
                }
                let submission = device.send_counts();
                device.add_counts(submission, self.tables, counts).await?;
                self.buffers = Some(device.buffers);
                if flow.is_continue() {
                    flow = monitor.progress(ended_before + ended as u64);
                }
                return Ok(flow);
            }
            header.turns = adapted_turns(flown, served);
            let seconds = monitor.seconds() - last_seconds;
            // as long as they would take with the turns to come
            let seconds = seconds * f64::from(header.turns + 1) / f64::from(turns + 1);
            header.rounds = adapted_rounds(rounds, seconds, lanes, header.turns);
            if busy as u64 == lanes {
                // near its end a job has lanes without photons, which say nothing of the next job
                (self.lane_rounds, self.turns) = (header.rounds as u64 * lanes, header.turns);
            }
            last_seconds = monitor.seconds();
            if flow.is_continue() {
                flow = monitor.progress(ended_before + ended as u64);
                if flow.is_break() {
                    // start no more photons; those under way still end
                    header.slots = 0;
                }
            }
        }
    }
}

fn lanes(workgroups: u32) -> u64 {
    u64::from(workgroups * WORKGROUP)
}

/// Rounds of the next dispatch of so many turns, from the time that the last one would have taken with them; at most twice
/// as many.
fn adapted_rounds(rounds: u32, seconds: f64, lanes: u64, turns: u32) -> u32 {
    let wanted = rounds as f64 * DISPATCH_SECONDS / seconds.max(1e-6);
    (wanted as u32).clamp(LEAST_ROUNDS, rounds.saturating_mul(2)).min((EVENTS_OF_DISPATCH / lanes) as u32 / (turns + 1))
}

/// Turns of a round. More make what is rare cost less, but lanes wait longer to be served: in between lies the root
/// of the turns from one service to the next, here with what services cost beside a turn (docs/benchmarks.md).
fn adapted_turns(flown: u32, served: u32) -> u32 {
    let between = flown as f64 / served.max(1) as f64;
    ((1.5 * between.sqrt()).round() as u32).clamp(2, MOST_TURNS)
}
