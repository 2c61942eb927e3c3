//! A job as a row of short dispatches: every lane of the device works on a photon, and takes the next one
//! as soon as its own has ended. Between dispatches photons wait in memory, so that none is ever long.

use std::ops::ControlFlow;

use super::buffers::JobBuffers;
use super::shader::{
    COUNT_BUSY, COUNT_ENDED, COUNT_FLOWN, COUNT_HEADER, COUNT_SERVED, JobHeader, WORKGROUP, WorkRange,
};
use super::{Features, GpuEngine, Settings};
use crate::counts::Counts;
use crate::engine::{EngineError, Job, Monitor, PhotonRange};
use crate::tables::Tables;

/// Photons of one run of dispatches: photon numbers are 32 bits on the device.
const PHOTONS_AT_ONCE: u64 = 1 << 30;
/// Events after which counts are read back, before a word of 32 bits could overflow.
const EVENTS_AT_ONCE: u64 = 1 << 31;
/// What one dispatch should take: long enough to hide its cost, short enough for every watchdog.
const DISPATCH_SECONDS: f64 = 0.05;
const FIRST_ROUNDS: u32 = 32;
/// Turns between two visits to what is rare (`shaders/lanes.wgsl`), before a job has shown how rare it is.
const FIRST_TURNS: u32 = 6;
const MOST_TURNS: u32 = 16;
/// Events of one dispatch, at most.
const EVENTS_OF_DISPATCH: u64 = 1 << 30;
/// Dispatches under way at once, so that the device need not wait for the host.
const IN_FLIGHT: usize = 2;

pub async fn run(
    engine: &GpuEngine,
    job: Job<'_>,
    counts: &mut [Counts],
    monitor: &dyn Monitor,
) -> Result<(), EngineError> {
    let mut ended = 0;
    for part in parts(job.ranges) {
        let flow = run_part(engine, &job, &part, counts, ended, monitor).await?;
        ended += part.iter().map(|range| range.count).sum::<u64>();
        if flow.is_break() {
            break;
        }
    }
    Ok(())
}

/// The ranges in parts of at most [`PHOTONS_AT_ONCE`] photons.
fn parts(ranges: &[PhotonRange]) -> Vec<Vec<PhotonRange>> {
    let mut parts = Vec::new();
    let (mut part, mut room) = (Vec::new(), PHOTONS_AT_ONCE);
    for range in ranges {
        let mut rest = *range;
        while rest.count > 0 {
            let count = rest.count.min(room);
            part.push(PhotonRange { count, ..rest });
            rest = PhotonRange { first: rest.first + count, count: rest.count - count, ..rest };
            room -= count;
            if room == 0 {
                parts.push(std::mem::take(&mut part));
                room = PHOTONS_AT_ONCE;
            }
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

async fn run_part(
    engine: &GpuEngine,
    job: &Job<'_>,
    ranges: &[PhotonRange],
    counts: &mut [Counts],
    ended_before: u64,
    monitor: &dyn Monitor,
) -> Result<ControlFlow<()>, EngineError> {
    let (work, slots) = work_list(ranges);
    let Settings { always, never, .. } = engine.settings;
    let features = Features::of_tables(job.tables).or(always).without(never);
    let pipeline = engine.pipelines.get(&engine.device, features).await?;
    let buffers = JobBuffers::new(engine, job.tables, &work)?;
    let mut header = JobHeader {
        seed: [job.seed as u32, (job.seed >> 32) as u32],
        slots,
        ranges: work.len() as u32,
        rounds: FIRST_ROUNDS,
        turns: FIRST_TURNS,
    };
    let lanes = (engine.workgroups * WORKGROUP) as u64;
    let mut under_way = std::collections::VecDeque::new();
    let mut events = 0;
    let mut flow = ControlFlow::Continue(());
    let mut last_seconds = monitor.seconds();
    loop {
        // keep the device busy
        while under_way.len() < IN_FLIGHT {
            events += lanes * header.rounds as u64 * (header.turns + 1) as u64;
            under_way.push_back((dispatch(engine, &pipeline, &buffers, &header), header.rounds));
        }
        // see how far the oldest dispatch came
        let (status, rounds) = under_way.pop_front().expect("one was just sent");
        let Progress { ended, busy, flown, served } = status.read(engine).await?;
        header.rounds = adapted_rounds(rounds, monitor.seconds() - last_seconds, lanes);
        header.turns = adapted_turns(flown, served);
        last_seconds = monitor.seconds();
        if flow.is_continue() {
            flow = monitor.progress(ended_before + ended as u64);
            if flow.is_break() {
                // start no more photons; those under way still end
                header.slots = 0;
            }
        }
        if busy == 0 || events > EVENTS_AT_ONCE {
            for (status, _) in under_way.drain(..) {
                status.read(engine).await?;
            }
            collect(engine, &buffers, job.tables, counts).await?;
            events = 0;
            if busy == 0 {
                return Ok(flow);
            }
        }
    }
}

/// The ranges with their slots, and the number of slots.
fn work_list(ranges: &[PhotonRange]) -> (Vec<WorkRange>, u32) {
    const GROUPS: u32 = crate::counts::GROUPS as u32;
    let mut slots: u32 = 0;
    let work = ranges.iter().map(|range| {
        // the first slot of its group
        let start = slots + (range.first as u32).wrapping_sub(slots) % GROUPS;
        slots = start + range.count as u32;
        let (first_low, first_high) = (range.first as u32, (range.first >> 32) as u32);
        WorkRange { design: range.design, first_low, first_high, start, count: range.count as u32 }
    });
    (work.collect(), slots)
}

/// Rounds of the next dispatch, from the time the last one took; at most twice as many.
fn adapted_rounds(rounds: u32, seconds: f64, lanes: u64) -> u32 {
    let wanted = rounds as f64 * DISPATCH_SECONDS / seconds.max(1e-6);
    (wanted as u32).clamp(4, rounds.saturating_mul(2)).min((EVENTS_OF_DISPATCH / lanes) as u32 / (MOST_TURNS + 1))
}

/// Turns of a round. More make what is rare cost less, but lanes wait longer to be served: in between lies the root
/// of the turns from one service to the next, here with what services cost beside a turn (docs/benchmarks.md).
fn adapted_turns(flown: u32, served: u32) -> u32 {
    let between = flown as f64 / served.max(1) as f64;
    ((2.2 * between.sqrt()).round() as u32).clamp(4, MOST_TURNS)
}

/// The header of the counts after one dispatch, on its way to the host.
struct Status {
    buffer: wgpu::Buffer,
    submission: wgpu::SubmissionIndex,
}

fn dispatch(engine: &GpuEngine, pipeline: &wgpu::ComputePipeline, buffers: &JobBuffers, header: &JobHeader) -> Status {
    engine.queue.write_buffer(&buffers.header, 0, bytemuck::bytes_of(header));
    engine.queue.write_buffer(&buffers.counts, 4 * COUNT_BUSY as u64, &[0; 4 * (COUNT_HEADER - COUNT_BUSY)]);
    let mut encoder = engine.device.create_command_encoder(&Default::default());
    {
        let mut pass = encoder.begin_compute_pass(&Default::default());
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, &buffers.bind_group, &[]);
        pass.dispatch_workgroups(engine.workgroups, 1, 1);
    }
    let buffer = staging(engine, 4 * COUNT_HEADER as u64);
    encoder.copy_buffer_to_buffer(&buffers.counts, 0, &buffer, 0, 4 * COUNT_HEADER as u64);
    let submission = engine.queue.submit([encoder.finish()]);
    Status { buffer, submission }
}

/// How far a dispatch came.
struct Progress {
    /// Photons that have ended so far.
    ended: u32,
    /// Lanes that still have work.
    busy: u32,
    /// In this dispatch: turns of all lanes, and how often one was served.
    flown: u32,
    served: u32,
}

impl Status {
    async fn read(self, engine: &GpuEngine) -> Result<Progress, EngineError> {
        let words = read_words(engine, &self.buffer, self.submission).await?;
        let [ended, busy, flown, served] = [COUNT_ENDED, COUNT_BUSY, COUNT_FLOWN, COUNT_SERVED].map(|word| words[word]);
        Ok(Progress { ended, busy, flown, served })
    }
}

/// Adds what the device has counted to `counts`, and sets its words back to 0.
async fn collect(
    engine: &GpuEngine,
    buffers: &JobBuffers,
    tables: &Tables,
    counts: &mut [Counts],
) -> Result<(), EngineError> {
    let header_bytes = 4 * COUNT_HEADER as u64;
    let bytes = buffers.counts.size() - header_bytes;
    let buffer = staging(engine, bytes);
    let mut encoder = engine.device.create_command_encoder(&Default::default());
    encoder.copy_buffer_to_buffer(&buffers.counts, header_bytes, &buffer, 0, bytes);
    encoder.clear_buffer(&buffers.counts, header_bytes, None);
    let submission = engine.queue.submit([encoder.finish()]);
    let words = read_words(engine, &buffer, submission).await?;
    for (design, counts) in tables.designs.iter().zip(counts) {
        let first = design.first_count as usize;
        for (sum, word) in counts.words.iter_mut().zip(&words[first..]) {
            *sum += *word as u64;
        }
    }
    Ok(())
}

fn staging(engine: &GpuEngine, size: u64) -> wgpu::Buffer {
    engine.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("staging"),
        size,
        usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// The words of a staging buffer, once the submission that fills it is done.
async fn read_words(
    engine: &GpuEngine,
    buffer: &wgpu::Buffer,
    submission: wgpu::SubmissionIndex,
) -> Result<Vec<u32>, EngineError> {
    let failed = |error: &dyn std::fmt::Display| EngineError::Device(error.to_string());
    let (sender, receiver) = futures_channel::oneshot::channel();
    buffer.map_async(wgpu::MapMode::Read, .., move |result| {
        // the receiver is gone only if the run was given up
        let _ = sender.send(result);
    });
    // native backends move on only when polled; in a browser this returns at once and the callback comes
    let wait = wgpu::PollType::Wait { submission_index: Some(submission), timeout: None };
    engine.device.poll(wait).map_err(|error| failed(&error))?;
    receiver.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    let words = bytemuck::cast_slice(&buffer.get_mapped_range(..).map_err(|error| failed(&error))?).to_vec();
    buffer.unmap();
    Ok(words)
}
