//! `--set KEY=VALUE`: keys follow the names in the scene.

use super::tree::Node;

pub(super) fn set(_root: &mut Node, _key: &str, _value: &str) -> Result<(), String> {
    Ok(())
}

pub(super) fn keys(_root: &Node) -> Vec<String> {
    Vec::new()
}
