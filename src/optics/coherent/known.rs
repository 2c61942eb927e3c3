//! Layers that several stacks have in common, and what waves do in them, worked out once for each row of waves.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::many::{Absorbed, Loads};
use crate::optics::lanes::{Complexes, LANES, Row};

/// The layers of a stack from one on to its exit, which others have, too.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    /// How many layers are the stack's own and stand in front of those.
    pub own: usize,
    pub known: Arc<Known>,
}

/// What is known of them.
#[derive(Debug, Default)]
pub(crate) struct Known {
    loads: Answers<Complexes, Loads>,
    absorbed: Answers<Row, (Loads, Vec<Absorbed>)>,
}

impl Known {
    /// Loads at the first of the layers, for squared in-plane indices.
    pub fn loads(&self, s2: &Complexes, make: impl FnOnce(&mut Loads)) -> Answered<Complexes, Loads> {
        let [re, im] = s2.rows();
        let key = [re[0], re[LANES - 1], im[0], im[LANES - 1]].map(f64::to_bits);
        self.loads.get(key, s2, |known| known.rows() == s2.rows(), Loads::zero(), make)
    }

    /// The same for in-plane indices, with what each layer absorbs, the last one first.
    pub fn absorbed(
        &self,
        in_plane: &Row,
        make: impl FnOnce(&mut (Loads, Vec<Absorbed>)),
    ) -> Answered<Row, (Loads, Vec<Absorbed>)> {
        let key = [in_plane[0], in_plane[1], in_plane[LANES / 2], in_plane[LANES - 1]].map(f64::to_bits);
        self.absorbed.get(key, in_plane, |known| known == in_plane, (Loads::zero(), Vec::new()), make)
    }
}

/// A question and its answer.
type Answered<Q, A> = Arc<(Q, A)>;

/// What was answered, by some bits of the question.
#[derive(Debug)]
struct Answers<Q, A>(Mutex<HashMap<[u64; 4], Answered<Q, A>>>);

impl<Q, A> Default for Answers<Q, A> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Q: Clone, A> Answers<Q, A> {
    /// The answer; `make` turns `blank` into one where it is new.
    fn get(
        &self,
        key: [u64; 4],
        question: &Q,
        same: impl Fn(&Q) -> bool,
        mut blank: A,
        make: impl FnOnce(&mut A),
    ) -> Answered<Q, A> {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answered) = answers.get(&key).filter(|answered| same(&answered.0)) {
            return Arc::clone(answered);
        }
        make(&mut blank);
        let answered = Arc::new((question.clone(), blank));
        answers.insert(key, Arc::clone(&answered));
        answered
    }
}
