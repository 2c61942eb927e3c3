//! Trials that need a graphics adapter: shown as ignored where there is none, failed where
//! RELUME_REQUIRE_GPU=1 promises one.

use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use relume::gpu::{GpuAdapter, GpuBackend, adapters};

/// Environment variable by which a build server says that an adapter has to be there.
pub const REQUIRE: &str = "RELUME_REQUIRE_GPU";

/// Opens the first adapter with `open`. `None` where there is no adapter; a failure to open one is kept, so
/// that every trial reports it.
pub fn opened<T>(open: impl Fn(&GpuAdapter) -> Result<T, String>) -> Option<Result<Arc<T>, String>> {
    let adapters = pollster::block_on(adapters(None::<GpuBackend>));
    adapters.first().map(|adapter| open(adapter).map(Arc::new))
}

/// A trial that needs what [`opened`] gave.
pub fn on_device<T: Send + Sync + 'static>(
    name: impl Into<String>,
    device: &Option<Result<Arc<T>, String>>,
    test: impl FnOnce(&T) + Send + 'static,
) -> Trial {
    let required = std::env::var(REQUIRE).is_ok_and(|value| value == "1");
    let absent = device.is_none();
    let device = device.clone();
    Trial::test(name, move || match device {
        Some(Ok(device)) => {
            test(&device);
            Ok(())
        }
        Some(Err(error)) => Err(Failed::from(error)),
        None => Err(Failed::from(format!("no graphics adapter, and {REQUIRE}=1"))),
    })
    .with_ignored_flag(absent && !required)
}

/// A trial that needs no device.
pub fn anywhere(name: &str, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}
