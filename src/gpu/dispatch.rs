//! What is sent to the device and read back. Everything runs there in the order in which it was sent.

use super::buffers::{Buffers, HEADER_BYTES, read_back};
use super::shader::{COUNT_BUSY, COUNT_ENDED, COUNT_FLOWN, COUNT_SERVED, JobHeader, PHOTON_BYTES, WORKGROUP};
use super::{GpuEngine, traffic};
use crate::counts::Counts;
use crate::engine::EngineError;
use crate::tables::Tables;

/// A job on the device.
pub struct Dispatches<'a> {
    pub engine: &'a GpuEngine,
    pub pipeline: wgpu::ComputePipeline,
    pub bind_group: wgpu::BindGroup,
    pub workgroups: u32,
    pub buffers: Buffers,
}

/// What is under way.
pub enum Sent {
    /// A dispatch, and its rounds and turns.
    Dispatch(Status, u32, u32),
    /// All counts.
    Counts(wgpu::SubmissionIndex),
}

/// The header of the counts after one dispatch, on its way to the host.
pub struct Status {
    buffer: wgpu::Buffer,
    submission: wgpu::SubmissionIndex,
}

/// How far a dispatch came.
pub struct Progress {
    /// Photons that have ended so far.
    pub ended: u32,
    /// Lanes that still have work.
    pub busy: u32,
    /// In this dispatch: turns of all lanes, and how often one was served.
    pub flown: u32,
    pub served: u32,
}

impl Dispatches<'_> {
    /// Lanes without photons, and none handed out. The counts of designs are zeros already.
    pub fn clear(&self) {
        let mut encoder = self.engine.device.create_command_encoder(&Default::default());
        encoder.clear_buffer(&self.buffers.counts, 0, Some(HEADER_BYTES));
        let lane_bytes = (self.workgroups * WORKGROUP) as u64 * PHOTON_BYTES;
        encoder.clear_buffer(&self.buffers.lanes, 0, Some(lane_bytes));
        self.submit(encoder);
    }

    /// Sends a dispatch.
    pub fn send(&mut self, header: &JobHeader) -> Status {
        let Buffers { header: job, counts, read_headers, .. } = &mut self.buffers;
        let buffer = read_headers.pop().unwrap_or_else(|| read_back(self.engine, HEADER_BYTES));
        self.engine.queue.write_buffer(job, 0, bytemuck::bytes_of(header));
        let mut encoder = self.engine.device.create_command_encoder(&Default::default());
        let of_dispatch = 4 * COUNT_BUSY as u64;
        encoder.clear_buffer(counts, of_dispatch, Some(HEADER_BYTES - of_dispatch));
        {
            let mut pass = encoder.begin_compute_pass(&Default::default());
            pass.set_pipeline(&self.pipeline);
            pass.set_bind_group(0, &self.bind_group, &[]);
            pass.dispatch_workgroups(self.workgroups, 1, 1);
        }
        encoder.copy_buffer_to_buffer(counts, 0, &buffer, 0, HEADER_BYTES);
        traffic::add(&self.engine.counter.dispatches, 1);
        Status { submission: self.submit(encoder), buffer }
    }

    /// Waits for a dispatch.
    pub async fn read(&mut self, status: Status) -> Result<Progress, EngineError> {
        let progress = self.map(&status.buffer, status.submission, |words| {
            let [ended, busy, flown, served] =
                [COUNT_ENDED, COUNT_BUSY, COUNT_FLOWN, COUNT_SERVED].map(|word| words[word]);
            Progress { ended, busy, flown, served }
        });
        let progress = progress.await?;
        self.buffers.read_headers.push(status.buffer);
        Ok(progress)
    }

    /// Does not wait for a dispatch that finds nothing to do.
    pub fn ignore(&mut self, status: Status) {
        self.buffers.read_headers.push(status.buffer);
    }

    /// Sends for all that has been counted, and sets it back to 0. Only one of these may be under way.
    pub fn send_counts(&self) -> wgpu::SubmissionIndex {
        let Buffers { counts, read_counts, .. } = &self.buffers;
        let mut encoder = self.engine.device.create_command_encoder(&Default::default());
        encoder.copy_buffer_to_buffer(counts, HEADER_BYTES, read_counts, 0, read_counts.size());
        encoder.clear_buffer(counts, HEADER_BYTES, None);
        self.submit(encoder)
    }

    /// Waits for what was counted, and adds it to `counts`.
    pub async fn add_counts(
        &self,
        submission: wgpu::SubmissionIndex,
        tables: &Tables,
        counts: &mut [Counts],
    ) -> Result<(), EngineError> {
        let add = |words: &[u32]| {
            for (design, counts) in tables.designs.iter().zip(counts) {
                let first = design.first_count as usize;
                for (sum, word) in counts.words.iter_mut().zip(&words[first..]) {
                    *sum += *word as u64;
                }
            }
        };
        self.map(&self.buffers.read_counts, submission, add).await
    }

    fn submit(&self, encoder: wgpu::CommandEncoder) -> wgpu::SubmissionIndex {
        traffic::add(&self.engine.counter.submissions, 1);
        self.engine.queue.submit([encoder.finish()])
    }

    /// Looks at the words of a buffer, once the submission that fills it is done.
    async fn map<T>(
        &self,
        buffer: &wgpu::Buffer,
        submission: wgpu::SubmissionIndex,
        look: impl FnOnce(&[u32]) -> T,
    ) -> Result<T, EngineError> {
        let failed = |error: &dyn std::fmt::Display| EngineError::Device(error.to_string());
        let (sender, receiver) = futures_channel::oneshot::channel();
        buffer.map_async(wgpu::MapMode::Read, .., move |result| {
            // the receiver is gone only if the run was given up
            let _ = sender.send(result);
        });
        // native backends move on only when polled; in a browser this returns at once and the callback comes
        self.engine.failures.wait(&self.engine.device, submission)?;
        receiver.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
        let seen = look(bytemuck::cast_slice(&buffer.get_mapped_range(..).map_err(|error| failed(&error))?));
        buffer.unmap();
        traffic::add(&self.engine.counter.read_bytes, buffer.size());
        Ok(seen)
    }
}
