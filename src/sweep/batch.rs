//! Designs that run together: their scenes and their tables end to end, within a bound of memory.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::plan::Plan;
use super::result::DesignRow;
use super::transports::{Transport, Watched};
use super::validate::scene;
use crate::compile::{compile, compile_watching};
use crate::counts::Counts;
use crate::optics::dipole::effective_plqy;
use crate::outcome::{
    DEFINITIONS, Estimate, Expected, Groups, Named, Reweighting, Setting, emitter_names, light_by_emitter,
};
use crate::scene::{Document, Problems};
use crate::simulate::Target;
use crate::tables::Tables;

/// Designs built at a time: enough for every thread.
const BLOCK: usize = 64;
const COUNT_BYTES: usize = size_of::<u64>();

/// One transport of a batch: a design as it is, or several that differ in a PLQY alone.
pub struct Unit {
    pub transport: Transport,
    pub setting: Setting,
    emitters: Vec<String>,
    /// Purcell factor of the emitter whose PLQY differs.
    purcell: f64,
}

impl Unit {
    fn build(source: Source, transport: Transport) -> Result<(Self, Tables), Problems> {
        let Source { document, plan, watched, stratified, .. } = source;
        let scene = scene(document, plan, transport.designs[0])?;
        let emitter = watched.filter(|_| !transport.plqy.is_empty()).and_then(|watched| watched.number(&scene));
        let mut tables = match emitter {
            Some(emitter) => compile_watching(&scene, emitter),
            None => compile([&scene], false),
        };
        if stratified {
            tables.stratify();
        }
        if let Some(problem) = tables.problems.first() {
            let settings = plan.settings(transport.designs[0]);
            let settings: Vec<_> = settings.iter().map(|(key, value)| format!("{key}={value}")).collect();
            return Err(Problems::one(&settings.join(" "), problem.clone()));
        }
        let emitters = emitter_names(&scene);
        let purcell = emitter.map_or(1.0, |emitter| tables.purcell[emitter]);
        let mut setting = Setting::of_run(&scene, stratified);
        if emitter.is_some() {
            setting.expected = setting.expected.map(Expected::counting_losses);
        }
        Ok((Self { transport, setting, emitters, purcell }, tables))
    }

    /// Of its photons as they were followed.
    fn quantities(&self, counts: &Counts) -> Named<Estimate> {
        let groups = Groups::new(counts, &self.setting);
        let all = DEFINITIONS.iter().map(|quantity| (quantity.key.into(), quantity.estimate(&groups, &self.setting)));
        Named(all.chain(light_by_emitter(&groups, &self.emitters)).collect())
    }
}

pub struct Batch {
    pub units: Vec<Unit>,
    pub tables: Tables,
}

/// What batches are made of.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    pub document: &'a Document,
    pub plan: &'a Plan,
    pub watched: Option<&'a Watched>,
    /// Bytes of tables and counts in one batch.
    pub bytes: usize,
    pub stratified: bool,
}

/// Makes batches of transports, in their order.
pub struct Builder<'a> {
    source: Source<'a>,
    waiting: std::vec::IntoIter<Transport>,
    /// Built, and not in a batch yet.
    built: VecDeque<(Unit, Tables)>,
}

impl<'a> Builder<'a> {
    pub fn new(source: Source<'a>, transports: Vec<Transport>) -> Self {
        Self { source, waiting: transports.into_iter(), built: VecDeque::new() }
    }

    /// Whether all transports are in batches.
    pub fn is_done(&self) -> bool {
        self.waiting.len() == 0 && self.built.is_empty()
    }

    /// Takes transports until there are `at_most`, or their tables and counts are too large, or it is told to stop; at
    /// least one where there is one and nobody says stop.
    pub fn batch(&mut self, at_most: usize, stop: &AtomicBool) -> Result<Batch, Problems> {
        let mut batch = Batch { units: Vec::new(), tables: Tables::default() };
        let mut count_bytes = 0;
        while batch.units.len() < at_most && !stop.load(Ordering::Relaxed) {
            if self.built.is_empty() {
                self.build(BLOCK.min(at_most - batch.units.len()))?;
            }
            let Some((unit, tables)) = self.built.pop_front() else { break };
            count_bytes += tables.layouts[0].words() * COUNT_BYTES;
            // at most: what stands in the batch already is shared
            let used = batch.tables.bytes() + tables.bytes() + count_bytes;
            if used > self.source.bytes && !batch.units.is_empty() {
                self.built.push_front((unit, tables));
                break;
            }
            batch.units.push(unit);
            batch.tables.append(tables);
        }
        Ok(batch)
    }

    fn build(&mut self, number: usize) -> Result<(), Problems> {
        let source = self.source;
        let block: Vec<_> = self.waiting.by_ref().take(number).collect();
        self.built =
            block.into_par_iter().map(|transport| Unit::build(source, transport)).collect::<Result<_, Problems>>()?;
        Ok(())
    }
}

impl Batch {
    /// The rows of a unit from its counts; `None` where a PLQY needs a run of its own.
    pub fn rows(
        &self,
        plan: &Plan,
        unit: usize,
        counts: &Counts,
        target: Option<&Target>,
    ) -> Vec<(usize, Option<DesignRow>)> {
        let own = &self.units[unit];
        let photons = counts.photons();
        let row = |design: usize, quantities: Named<Estimate>, reweighted: bool| {
            let mut row = DesignRow { values: plan.values(design), photons, quantities, reweighted, reached: true };
            row.reached = target.is_none_or(|target| reached(&row, target));
            row
        };
        if own.transport.plqy.is_empty() {
            let design = own.transport.designs[0];
            return vec![(design, Some(row(design, own.quantities(counts), false)))];
        }
        let reweighting = Reweighting::new(counts, &own.setting, own.emitters.len());
        let designs = own.transport.designs.iter().zip(&own.transport.plqy);
        let rows = designs.map(|(design, plqy)| {
            if *plqy == 1.0 {
                return (*design, Some(row(*design, own.quantities(counts), false)));
            }
            let answer = reweighting.at(effective_plqy(*plqy, own.purcell));
            (*design, answer.sharp.then(|| row(*design, answer.quantities, true)))
        });
        rows.collect()
    }
}

/// Whether a quantity is as sharp as was asked; one without meaning never is.
pub fn reached(row: &DesignRow, target: &Target) -> bool {
    row.quantity(&target.quantity).se.is_some_and(|se| se <= target.se)
}
