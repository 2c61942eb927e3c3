//! What a pure function gave, for a whole process: the designs of a sweep ask for the same curves again and again.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

/// Answers kept. A sweep over what they depend on must not fill the memory; an answer is some 10 kB.
const MOST: usize = 256;

/// Answers by all that they depend on.
pub struct Memo<K, V: ?Sized>(RwLock<HashMap<K, Arc<V>>>);

impl<K, V: ?Sized> Default for Memo<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Eq + Hash, V: ?Sized> Memo<K, V> {
    /// The answer for a key, made where it is not known.
    pub fn get(&self, key: K, make: impl FnOnce() -> Arc<V>) -> Arc<V> {
        // Made outside the lock, so that threads with other keys need not wait.
        self.known(&key).unwrap_or_else(|| self.keep(key, make()))
    }

    /// The answer for a key, where it is known.
    pub fn known(&self, key: &K) -> Option<Arc<V>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(key).map(Arc::clone)
    }

    /// Remembers an answer, and gives the one that is remembered, which another thread may have made meanwhile.
    pub fn keep(&self, key: K, made: Arc<V>) -> Arc<V> {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        Arc::clone(known.entry(key).or_insert(made))
    }
}
