//! WGSL and Rust say the same: layouts, constants, functions. Needs no adapter. Each comparison returns a
//! list of differences, and each has a partner below that breaks one side and must see it found.

#[path = "mirror/backends.rs"]
mod backends;
#[path = "mirror/constants.rs"]
mod constants;
#[path = "mirror/features.rs"]
mod features;
#[path = "mirror/functions.rs"]
mod functions;
#[path = "mirror/layouts.rs"]
mod layouts;

use naga::valid::Capabilities;
use relume::gpu::shader::{self, U64};

/// The program as naga reads it. Panics with naga's own message where it is no WGSL.
fn parse(text: &str) -> naga::Module {
    naga::front::wgsl::parse_str(text).unwrap_or_else(|error| panic!("{}", error.emit_to_string(text)))
}

/// Replaces one piece of a text, which must be there.
fn broken(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the text to break has no {from:?}");
    text.replacen(from, to, 1)
}

fn validates(text: &str, capabilities: Capabilities) -> Result<(), String> {
    let module = naga::front::wgsl::parse_str(text).map_err(|error| error.to_string())?;
    naga::valid::Validator::new(naga::valid::ValidationFlags::all(), capabilities)
        .validate(&module)
        .map(drop)
        .map_err(|error| error.to_string())
}

#[test]
fn program_validates_without_any_optional_capability() {
    assert_eq!(validates(&shader::source(U64::Pairs), Capabilities::empty()), Ok(()));
}

#[test]
fn program_with_native_u64_needs_that_capability_alone() {
    let text = shader::source(U64::Native);
    assert_eq!(validates(&text, Capabilities::SHADER_INT64), Ok(()));
    assert!(validates(&text, Capabilities::empty()).is_err());
}

#[test]
fn partner_validation_sees_a_wrong_type() {
    let text = broken(&shader::source(U64::Pairs), "let eta = n_i / n_t;", "let eta = n_i / 2u;");
    assert!(validates(&text, Capabilities::empty()).is_err());
}
