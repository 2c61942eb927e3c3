//! Rows that designs have in common stand once.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Weak};

use bytemuck::Pod;

/// Where blocks of rows begin: by a hash of some of their rows, and by where they came from.
#[derive(Debug, Clone)]
pub struct Blocks<R> {
    by_hash: HashMap<u64, usize>,
    /// By their addresses, which no others take as long as they are listed here.
    by_address: HashMap<usize, (Weak<Vec<R>>, usize)>,
}

impl<R> Default for Blocks<R> {
    fn default() -> Self {
        Self { by_hash: HashMap::new(), by_address: HashMap::new() }
    }
}

impl<R: Pod> Blocks<R> {
    /// Of so many rows one is hashed: what differs at all seldom does so in few rows. A prime, so that each medium has its
    /// turn, however many rows a node has.
    const STRIDE: usize = 61;

    /// The place of a block: where the same one stands, or else the end, where it comes to stand.
    pub fn place(&mut self, rows: &Arc<Vec<R>>, end: usize, is_same: impl Fn(usize) -> bool) -> usize {
        let address = Arc::as_ptr(rows).addr();
        if let Some((_, place)) = self.by_address.get(&address) {
            return *place;
        }
        let mut hasher = DefaultHasher::new();
        rows.len().hash(&mut hasher);
        rows.iter().step_by(Self::STRIDE).for_each(|row| hasher.write(bytemuck::bytes_of(row)));
        let place = self.by_hash.entry(hasher.finish()).or_insert(end);
        if *place != end && !is_same(*place) {
            *place = end;
        }
        self.by_address.insert(address, (Arc::downgrade(rows), *place));
        *place
    }
}
