//! The material library as text and JSON.

/// Placeholder replaced below.
pub fn list() -> String {
    String::new()
}
