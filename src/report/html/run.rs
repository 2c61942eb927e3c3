//! The report of one run: the answer, then where the photons went, then everything behind it.

use super::Given;
use super::page::{
    assumptions, columns, definition, document, escape, figures, name, paragraph, quantity, reproduce, scene, section,
    table,
};
use crate::counts::Fate;
use crate::outcome::{DEFINITIONS, Estimate};
use crate::report::Run;
use crate::report::number::{grouped, with_error};
use crate::report::plot::{PlotError, plots};
use crate::scene::SourceKind;
use crate::simulate::Stopped;
use crate::sweep::Launched;

/// The report of a run as HTML.
///
/// # Errors
/// What the plotting library refuses.
pub fn run(run: &Run, given: &Given) -> Result<String, PlotError> {
    let plots: Vec<_> = plots(run)?.into_iter().map(|(name, svg)| (name.to_string(), svg)).collect();
    let mut sections = vec![answer(run), ledger(run), quantities(run)];
    if !plots.is_empty() {
        sections.push(section("plots", "Spectra, angles and depth", &figures(&plots)));
    }
    sections.extend([emitters(run), layers(run), assumptions(&run.scene.notes), scene(given)]);
    let Run { scene_hash, seed, device, counts, outcome, wall_s, .. } = run;
    let stratified = counts.layout.stratified;
    let launched = Launched { seed: *seed, stratified, device: (*device).clone(), photons: outcome.photons };
    sections.push(reproduce(given, scene_hash, Some(&launched), *wall_s));
    let lead = format!("{} photons on {}, relume {}", grouped(outcome.photons), device.name, env!("CARGO_PKG_VERSION"));
    Ok(document(&run.scene.title, &lead, &sections))
}

/// What light became, in the three colours of the report.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Emission,
    Pump,
    Loss,
}

const KINDS: [(Kind, &str, &str); 3] = [
    (Kind::Emission, "emission", "left as emission"),
    (Kind::Pump, "pump", "left as pump light"),
    (Kind::Loss, "loss", "lost"),
];

fn kind(fate: Fate) -> Kind {
    match fate {
        Fate::FrontEmission | Fate::BackEmission | Fate::EdgeEmission => Kind::Emission,
        Fate::ReflectedPump | Fate::TransmittedPump | Fate::EdgePump => Kind::Pump,
        _ => Kind::Loss,
    }
}

fn class(fate: Fate) -> &'static str {
    KINDS.iter().find(|(own, ..)| *own == kind(fate)).map_or("loss", |(_, class, _)| *class)
}

/// Of the photons launched, how many are expected to end so.
fn share(run: &Run, fate: &str) -> Estimate {
    run.outcome.fate_shares.get(fate).copied().unwrap_or(Estimate::NONE)
}

fn answer(run: &Run) -> String {
    let shown = [
        "eqe",
        "eqe_bound",
        "outcoupling_efficiency",
        "eqy",
        "absorptance",
        "plqy_external",
        "pump_leakage",
        "reflected_pump",
    ];
    let known = shown.into_iter().filter_map(|key| {
        let (definition, estimate) = (definition(key)?, run.outcome.quantity(key)?);
        estimate.value.is_some().then(|| (name(key), quantity(definition.unit, estimate), definition.meaning))
    });
    let mut body = String::from("<div class=\"answers\">\n");
    for (what, value, meaning) in known.take(3) {
        let (value, error) = value.split_once(" ±").unwrap_or((value.trim_end_matches(" %"), " %"));
        let error = if error == " %" { error.to_string() } else { format!(" ±{error}") };
        body.push_str(&format!(
            "<div><p class=\"what\">{}</p><p class=\"big\">{}<small>{}</small></p><p class=\"soft\">{}</p></div>\n",
            escape(&what),
            escape(value),
            escape(&error),
            escape(meaning)
        ));
    }
    body.push_str("</div>\n");
    body.push_str(&bar(run));
    body.push_str(match run.stopped {
        Stopped::Done | Stopped::TargetReached => "",
        Stopped::TargetNotReached => "<p class=\"warning\">The target was not reached with all photons allowed.</p>\n",
        Stopped::Interrupted => "<p class=\"warning\">Interrupted: this is what had been followed by then.</p>\n",
    });
    format!("<section id=\"answer\">\n{body}</section>\n")
}

/// One bar for all photons, and a sentence that says the same.
fn bar(run: &Run) -> String {
    let shares = KINDS.map(|(own, class, words)| {
        let fates = Fate::ALL.iter().filter(|fate| kind(**fate) == own);
        (fates.filter_map(|fate| share(run, fate.key()).value).sum::<f64>(), class, words)
    });
    let shares: Vec<_> = shares.into_iter().filter(|(share, ..)| *share > 0.0).collect();
    let pieces: String = shares
        .iter()
        .map(|(share, class, _)| format!("<span class=\"{class}\" style=\"flex-grow:{share:.5}\"></span>"))
        .collect();
    let words: String = shares
        .iter()
        .map(|(share, class, words)| {
            format!("<li><i class=\"{class}\"></i>{words} <b>{:.1} %</b></li>", share * 100.0) //
        })
        .collect();
    format!("<div class=\"bar\" aria-hidden=\"true\">{pieces}</div>\n<ul class=\"legend\">{words}</ul>\n")
}

fn ledger(run: &Run) -> String {
    let expected = |fate: &str| share(run, fate).value.unwrap_or(0.0);
    let mut rows: Vec<_> =
        Fate::ALL.iter().zip(&run.outcome.fates.0).filter(|(fate, _)| expected(fate.key()) > 0.0).collect();
    rows.sort_by_key(|(_, (_, count))| std::cmp::Reverse(*count));
    let mut body = String::from(
        "<div class=\"scroll\"><table class=\"ledger\">\n<thead><tr><th scope=\"col\">fate</th>\
         <th scope=\"col\" class=\"n\">photons</th><th scope=\"col\" class=\"n\">share / %</th><th></th></tr></thead>\n<tbody>\n",
    );
    for (fate, (key, count)) in rows {
        body.push_str(&format!(
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"line\"><span class=\"{}\" style=\"width:{:.2}%\"></span></td></tr>\n",
            escape(&key.replace('_', " ")),
            grouped(*count),
            with_error(share(run, key), 100.0, "±"),
            class(*fate),
            expected(key) * 100.0
        ));
    }
    let total: u64 = run.outcome.fates.0.iter().map(|(_, count)| count).sum();
    body.push_str(&format!(
        "</tbody>\n<tfoot><tr><th scope=\"row\">all</th><td class=\"n\">{}</td><td class=\"n\">100</td>\
         <td class=\"soft\">{} launched</td></tr></tfoot>\n</table></div>\n",
        grouped(total),
        grouped(run.outcome.photons)
    ));
    if run.counts.layout.stratified {
        body.push_str(&paragraph(
            "Shares hold the first reflection and the losses of emitters that are to be expected; photons are as they were counted.",
        ));
    }
    section("ledger", "Where the photons went", &body)
}

fn quantities(run: &Run) -> String {
    let rows: Vec<_> = DEFINITIONS
        .iter()
        .zip(&run.outcome.quantities.0)
        .map(|(own, (key, estimate))| vec![key.to_string(), quantity(own.unit, *estimate), own.meaning.to_string()])
        .collect();
    let body = table(&columns(&["quantity", "#value", "meaning"]), &rows)
        + &paragraph(
            "Per launched photon unless the meaning says otherwise; ± is one standard error. A dash stands where a \
             quantity has no meaning in this scene.",
        );
    section("quantities", "Quantities", &body)
}

fn emitters(run: &Run) -> String {
    if run.outcome.by_emitter.0.is_empty() {
        return String::new();
    }
    let percent = |estimate: &Estimate| with_error(*estimate, 100.0, "±");
    let within = matches!(run.scene.source.kind, SourceKind::Internal { .. } | SourceKind::Electroluminescence { .. });
    let mut body = String::new();
    for (own, emitter) in &run.outcome.by_emitter.0 {
        let absorbed = emitter.absorptions.0.iter().map(|(from, estimate)| {
            let what = match (from.as_ref(), within) {
                ("pump", true) => "excitations by the source".to_string(),
                ("pump", false) => "absorptions of the pump".to_string(),
                _ => format!("absorptions of light of {from}"),
            };
            vec![what, with_error(*estimate, 1.0, "±")]
        });
        let mut rows: Vec<_> = absorbed.collect();
        rows.push(vec!["emissions".to_string(), with_error(emitter.emissions, 1.0, "±")]);
        for (what, estimate) in [
            ("left by the front / %", &emitter.front_emission),
            ("left by the back / %", &emitter.back_emission),
            ("left by the edges / %", &emitter.edge_emission),
            ("recycling efficiency, own light / %", &emitter.recycling_efficiency),
        ] {
            rows.push(vec![what.to_string(), percent(estimate)]);
        }
        let title = format!("{own}, internal PLQY {}", emitter.plqy);
        body.push_str(&table(&columns(&[title.as_str(), "#per launched photon"]), &rows));
    }
    section("emitters", "By emitter", &body)
}

fn layers(run: &Run) -> String {
    let rows: Vec<_> = run
        .outcome
        .by_layer
        .0
        .iter()
        .zip(&run.scene.layers)
        .map(|((own, lost), layer)| {
            let percent = |estimate| with_error(estimate, 100.0, "±");
            vec![own.to_string(), layer.thickness_um.to_string(), percent(lost.host_pump), percent(lost.host_emission)]
        })
        .collect();
    let headings = ["layer", "#thickness / µm", "#pump lost to the host / %", "#emission lost to the host / %"];
    section("layers", "By layer", &table(&columns(&headings), &rows))
}
