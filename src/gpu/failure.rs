//! What goes wrong on a device, as errors: wgpu would else end the program.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::EngineError;

/// Remembers the first thing that went wrong on a device where nobody waited for it, such as its loss.
#[derive(Debug, Clone, Default)]
pub struct Failures(Arc<Mutex<Option<String>>>);

impl Failures {
    /// Those of a device from now on.
    pub fn of(device: &wgpu::Device) -> Self {
        let failures = Self::default();
        let seen = failures.clone();
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| seen.remember(&error.to_string())));
        let lost = failures.clone();
        device.set_device_lost_callback(move |reason, why| {
            if reason != wgpu::DeviceLostReason::Destroyed {
                lost.remember(&format!("the device was lost: {why}"));
            }
        });
        failures
    }

    fn remember(&self, why: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| why.to_string());
    }

    /// # Errors
    /// What has gone wrong so far.
    pub fn check(&self) -> Result<(), EngineError> {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(why) => Err(EngineError::Device(why.clone())),
            None => Ok(()),
        }
    }

    /// Waits for what was submitted.
    ///
    /// # Errors
    /// That the device was lost meanwhile, at which wgpu panics.
    pub fn wait(&self, device: &wgpu::Device, submission: wgpu::SubmissionIndex) -> Result<(), EngineError> {
        let wait = wgpu::PollType::Wait { submission_index: Some(submission), timeout: None };
        match catch_unwind(AssertUnwindSafe(|| device.poll(wait))) {
            Ok(Ok(_)) => self.check(),
            Ok(Err(error)) => Err(EngineError::Device(error.to_string())),
            Err(_) => self.check().and(Err(EngineError::Device("the device was lost".to_string()))),
        }
    }
}

/// Makes something on a device.
///
/// # Errors
/// When the device refuses it, has no memory for it, or its driver fails.
pub async fn caught<T>(device: &wgpu::Device, make: impl FnOnce() -> T) -> Result<T, EngineError> {
    let outer = device.push_error_scope(wgpu::ErrorFilter::Internal);
    let middle = device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
    let inner = device.push_error_scope(wgpu::ErrorFilter::Validation);
    let made = make();
    let mut first = None;
    for scope in [inner, middle, outer] {
        first = first.or(scope.pop().await);
    }
    match first {
        Some(error) => Err(EngineError::Device(error.to_string())),
        None => Ok(made),
    }
}
