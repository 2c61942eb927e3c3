//! Both engines against tables and closed forms from outside: a trial for each row and engine.
//!
//! A number must lie within five standard errors of the table's, the errors of both sides combined, and the
//! statistical error must be small enough for that to matter (`oracle::SHARE_SIGMA`, `oracle::NUMBER_SIGMA`; a tenth
//! of the photons and sqrt(10) times the errors unless the full run is asked for):
//!
//!     RELUME_FULL=1 cargo test --release --test oracles
//!
//! Trials of the GPU are ignored where there is no adapter; with RELUME_REQUIRE_GPU=1 they fail there. Trials named
//! `partner` compare each row with another row's photons, and pass only if that fails.

mod oracle;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use libtest_mimic::{Arguments, Failed, Trial};
use relume::counts::Counts;
use relume::scene::Scene;

use oracle::engines::{Bench, Kind, adapter};
use oracle::judge::{Judgement, ledger};
use oracle::{Case, Joint, cases, closed, finite, histogram};

/// Largest deviation seen, in standard errors, by engine and family.
type Worst = Arc<Mutex<BTreeMap<(&'static str, String), (f64, String)>>>;

/// A trial, given an engine and all cases.
type Run = Box<dyn FnOnce(&Bench, &[Case]) -> Result<(), Failed> + Send>;

fn main() {
    let args = Arguments::from_args();
    let cases = Arc::new(cases());
    let worst = Worst::default();
    let no_gpu = adapter().is_none();
    let gpu_required = std::env::var_os("RELUME_REQUIRE_GPU").is_some_and(|value| value == "1");
    let mut trials = vec![Trial::test("tables/thin_layer", || verdict(&histogram::thin_layer_form()))];
    for kind in Kind::ALL {
        let bench = Arc::new(Bench::new(kind));
        let ignored = kind == Kind::Gpu && no_gpu && !gpu_required;
        let mut add = |name: String, run: Run| {
            let (bench, cases) = (bench.clone(), cases.clone());
            let trial = Trial::test(format!("{}/{name}", kind.key()), move || run(&bench, &cases));
            trials.push(trial.with_ignored_flag(ignored));
        };
        for number in 0..cases.len() {
            let worst = worst.clone();
            let (family, name) = (cases[number].family, &cases[number].name);
            add(format!("{family}/{name}"), Box::new(move |bench, cases| agrees(bench, cases, number, &worst)));
        }
        for group in families(&cases) {
            let family = cases[group[0]].family;
            if group.len() > 1 && !cases[group[0]].checks.is_empty() {
                add(format!("partner/{family}"), Box::new(move |bench, cases| tells_apart(bench, cases, &group)));
            }
        }
        for joint in closed::joints().into_iter().chain(finite::joints()) {
            let name = format!("joint/{}", joint.name);
            add(name, Box::new(move |bench, cases| verdict(&judge_joint(bench, cases, &joint)?)));
        }
        let unlike = finite::unlike();
        add(
            format!("partner/{}", unlike.name),
            Box::new(move |bench, cases| {
                if judge_joint(bench, cases, &unlike)?.iter().all(Judgement::passes) {
                    return Err("narrow open edges look like none".into());
                }
                Ok(())
            }),
        );
    }
    let conclusion = libtest_mimic::run(&args, trials);
    if !args.list {
        println!("largest deviation in standard errors");
        for ((engine, family), (deviation, what)) in worst.lock().expect("no trial panics").iter() {
            println!("  {engine} {family:<20} {deviation:5.2}  {what}");
        }
    }
    conclusion.exit();
}

fn verdict(judgements: &[Judgement]) -> Result<(), Failed> {
    let failed: Vec<_> = judgements.iter().filter(|judgement| !judgement.passes()).map(Judgement::to_string).collect();
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n").into()) }
}

fn judge(case: &Case, counts: &Counts, scene: &Scene) -> Vec<Judgement> {
    case.checks.iter().flat_map(|check| check(counts, scene)).collect()
}

fn agrees(bench: &Bench, cases: &[Case], number: usize, worst: &Worst) -> Result<(), Failed> {
    let case = &cases[number];
    let counts = bench.counts(cases, number)?;
    let mut judgements = judge(case, counts, &case.scene);
    if let Some(largest) = judgements.iter().max_by(|a, b| a.deviation().total_cmp(&b.deviation())) {
        let mut worst = worst.lock().expect("no trial panics");
        let entry = worst.entry((bench.kind.key(), case.family.to_owned())).or_default();
        if largest.deviation() >= entry.0 {
            *entry = (largest.deviation(), format!("{} {}", case.name, largest.what));
        }
    }
    judgements.extend(ledger(counts, case.photons));
    verdict(&judgements)
}

/// The numbers of the cases of each family.
fn families(cases: &[Case]) -> Vec<Vec<usize>> {
    let mut families: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, case) in cases.iter().enumerate() {
        families.entry(case.family).or_default().push(number);
    }
    families.into_values().collect()
}

/// Each case's checks must refuse another's counts; histograms must all differ.
fn tells_apart(bench: &Bench, cases: &[Case], group: &[usize]) -> Result<(), Failed> {
    for (i, number) in group.iter().enumerate() {
        // two rows on: next rows can be too much alike
        let neighbour = group[(i + 2.min(group.len() - 1)) % group.len()];
        let judgements = judge(&cases[*number], bench.counts(cases, neighbour)?, &cases[neighbour].scene);
        let refused = judgements.iter().filter(|judgement| !judgement.passes()).count();
        if refused == 0 || (cases[*number].detail && refused < judgements.len()) {
            return Err(format!("{} takes the counts of {}", cases[*number].name, cases[neighbour].name).into());
        }
    }
    Ok(())
}

fn judge_joint(bench: &Bench, cases: &[Case], joint: &Joint) -> Result<Vec<Judgement>, String> {
    let counts = |name: &str| {
        let number = cases.iter().position(|case| format!("{}/{}", case.family, case.name) == name);
        bench.counts(cases, number.ok_or(format!("there is no case {name}"))?)
    };
    Ok((joint.judge)(counts(joint.of[0])?, counts(joint.of[1])?))
}
