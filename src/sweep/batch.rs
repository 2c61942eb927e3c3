//! Designs that run together: their scenes and their tables end to end, within a bound of memory.

use rayon::prelude::*;

use super::plan::Plan;
use super::result::DesignRow;
use super::validate::scene;
use crate::compile::compile;
use crate::counts::Counts;
use crate::outcome::{DEFINITIONS, Groups, Named, Setting};
use crate::scene::{Document, Problems};
use crate::simulate::Target;
use crate::tables::Tables;

/// Designs built at a time: enough for every thread.
const BLOCK: usize = 64;
const COUNT_BYTES: usize = size_of::<u64>();

/// One design of a batch.
pub struct Unit {
    /// Its place in the plan.
    pub design: usize,
    setting: Setting,
}

pub struct Batch {
    pub units: Vec<Unit>,
    pub tables: Tables,
}

impl Batch {
    /// Takes designs until there are `at_most`, or their tables and counts take `bytes`; at least one.
    pub fn fill(
        document: &Document,
        plan: &Plan,
        waiting: &mut std::vec::IntoIter<usize>,
        at_most: usize,
        bytes: usize,
    ) -> Result<Self, Problems> {
        let mut batch = Self { units: Vec::new(), tables: Tables::default() };
        let mut used = 0;
        while batch.units.len() < at_most {
            let rest = waiting.as_slice();
            let block = &rest[..rest.len().min(BLOCK).min(at_most - batch.units.len())];
            if block.is_empty() {
                break;
            }
            let built: Vec<_> = block
                .par_iter()
                .map(|design| {
                    let scene = scene(document, plan, *design)?;
                    Ok((Unit { design: *design, setting: Setting::of(&scene) }, compile([&scene], false)))
                })
                .collect::<Result<_, Problems>>()?;
            for (unit, tables) in built {
                used += tables.bytes() + tables.layouts[0].words() * COUNT_BYTES;
                if used > bytes && !batch.units.is_empty() {
                    return Ok(batch);
                }
                batch.units.push(unit);
                batch.tables.append(&tables);
                waiting.next();
            }
        }
        Ok(batch)
    }

    /// The row of a unit from its counts.
    pub fn row(&self, plan: &Plan, unit: usize, counts: &Counts, target: Option<&Target>) -> DesignRow {
        let (own, groups) = (&self.units[unit], Groups::new(counts));
        let quantities =
            DEFINITIONS.iter().map(|quantity| (quantity.key.to_string(), quantity.estimate(&groups, &own.setting)));
        let mut row = DesignRow {
            values: plan.values(own.design),
            photons: groups.all.launched,
            quantities: Named(quantities.collect()),
            reweighted: false,
            reached: true,
        };
        row.reached = target.is_none_or(|target| reached(&row, target));
        row
    }
}

/// Whether a quantity is as sharp as was asked; one without meaning never is.
pub fn reached(row: &DesignRow, target: &Target) -> bool {
    row.quantity(&target.quantity).se.is_some_and(|se| se <= target.se)
}
