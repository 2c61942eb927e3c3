//! Waves side by side: the same as for one wave, in loops that compilers turn into vector instructions.
//!
//! A loop over lanes takes one wave's numbers out of their rows, does with them what is done with a single wave, and puts
//! the result into other rows. All that it calls is inlined and free of branches; functions with such loops are compiled
//! for several generations of processors, of which the newest that is there is taken.

use std::marker::PhantomData;

use bytemuck::{Pod, must_cast};
use num_complex::Complex64;

/// Waves side by side: the points of one panel of the quadrature and one more, two of the widest registers.
pub(crate) const LANES: usize = 16;

/// One number of each wave.
pub(crate) type Row = [f64; LANES];

/// Something of `K` numbers for each wave, a row for each number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Many<T, const K: usize> {
    rows: [Row; K],
    of: PhantomData<T>,
}

pub(crate) type Complexes = Many<Complex64, 2>;

/// Up to a row of numbers; the last one again where there are fewer.
pub(crate) fn row(numbers: &[f64]) -> Row {
    std::array::from_fn(|lane| numbers[lane.min(numbers.len() - 1)])
}

impl<T: Pod, const K: usize> Many<T, K> {
    #[inline(always)]
    pub fn zero() -> Self {
        Self { rows: [[0.0; LANES]; K], of: PhantomData }
    }

    pub fn rows(&self) -> &[Row; K] {
        &self.rows
    }

    #[inline(always)]
    pub fn get(&self, lane: usize) -> T {
        let mut numbers = [0.0; K];
        for (number, row) in numbers.iter_mut().zip(&self.rows) {
            *number = row[lane];
        }
        must_cast(numbers)
    }

    #[inline(always)]
    pub fn put(&mut self, lane: usize, value: T) {
        let numbers: [f64; K] = must_cast(value);
        for (number, row) in numbers.iter().zip(&mut self.rows) {
            row[lane] = *number;
        }
    }
}
