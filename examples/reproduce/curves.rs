//! PLQY, EQY and recycling against concentration, for both films and without non-radiative loss.

use relume::outcome::Outcome;
use relume::report::sweep_plot::{Series, compare};

use crate::study::{BARE, CLAIMS, Film, SEED, SHELL, clear_hosts, concentration, estimate, plqy, run};

const PHOTONS: u64 = 150_000;
const WT_PCT: [f64; 11] = [1.0, 1.5, 2.2, 3.2, 5.0, 7.0, 10.0, 14.0, 20.0, 28.0, 40.0];

const SHOWN: [(&str, &str, &str, &str, bool); 4] = [
    ("plqy.svg", "plqy_external", "PLQY", "External PLQY", false),
    ("eqy.svg", "eqy", "EQY", "External quantum yield", true),
    ("n_pr.svg", "emissions_per_first_emission", "N_PR", "Emissions per photon", false),
    ("eta_pr.svg", "recycling_efficiency", "eta_PR", "Recycling efficiency", false),
];

/// The section and its plots.
pub fn curves() -> anyhow::Result<(String, Vec<(String, String)>)> {
    let over = |film: Film, internal: Option<f64>| {
        let designs = WT_PCT.iter().map(|wt_pct| {
            let mut changes = clear_hosts().to_vec();
            changes.push(concentration(*wt_pct));
            changes.extend(internal.map(plqy));
            film.with(&changes)
        });
        run(&designs.collect::<Result<Vec<_>, _>>()?, PHOTONS, SEED)
    };
    let films = [
        ("shell", 0, Some(SHELL), over(SHELL, None)?),
        ("bare", 1, Some(BARE), over(BARE, None)?),
        ("shell, internal PLQY 1", 3, None, over(SHELL, Some(1.0))?),
    ];
    let mut plots = Vec::new();
    for (file, quantity, y, title, ceiling) in SHOWN {
        let mut series: Vec<Series> = Vec::new();
        for (name, colour, film, outcomes) in films.iter().filter(|(_, _, film, _)| ceiling || film.is_some()) {
            series.push(line(name, *colour, outcomes, quantity));
            series.extend(film.and_then(|film| published(film, quantity, name, *colour)));
        }
        plots.push((file.to_string(), compare(title, "concentration / wt%", y, &series)?));
    }
    let eqy = |outcomes: &[Outcome]| {
        let best = WT_PCT.iter().zip(outcomes).map(|(wt_pct, outcome)| (*wt_pct, estimate(outcome, "eqy").value));
        best.fold(
            (0.0, 0.0),
            |best, (wt_pct, eqy)| if eqy > Some(best.1) { (wt_pct, eqy.unwrap_or(0.0)) } else { best },
        )
    };
    let ((shell_at, shell), (bare_at, bare), (ceiling_at, ceiling)) =
        (eqy(&films[0].3), eqy(&films[1].3), eqy(&films[2].3));
    let text = format!(
        "## Against concentration\n\nResin and PET taken as clear. Crosses are published. The bands, one standard error, are mostly narrower than the lines.\n\n\
         ![External PLQY against concentration](reproduction/plqy.svg)\n![EQY against concentration](reproduction/eqy.svg)\n\
         ![Emissions per photon against concentration](reproduction/n_pr.svg)\n\
         ![Recycling efficiency against concentration](reproduction/eta_pr.svg)\n\n\
         In a film of 50 um the EQY of the shell particles is largest near {shell_at} wt% ({:.1} %), that of the bare ones near {bare_at} wt% \
         ({:.1} %). The published EQY is that of 20 wt%. With an internal PLQY of 1 the EQY reaches {:.1} % near {ceiling_at} wt%: what is then \
         missing is blue light that the film throws back or lets through.\n\n",
        shell * 100.0,
        bare * 100.0,
        ceiling * 100.0
    );
    Ok((text, plots))
}

fn line(name: &str, colour: usize, outcomes: &[Outcome], quantity: &str) -> Series {
    let points = WT_PCT.iter().zip(outcomes).filter_map(|(wt_pct, outcome)| {
        let estimate = estimate(outcome, quantity);
        Some((*wt_pct, estimate.value?, estimate.se.unwrap_or(0.0)))
    });
    Series { name: name.to_string(), colour, points: points.collect(), marks: false }
}

fn published(film: Film, quantity: &str, name: &str, colour: usize) -> Option<Series> {
    let own = CLAIMS.iter().filter(|claim| claim.film == film && claim.quantity == quantity && claim.plqy.is_none());
    let points: Vec<_> = own.map(|claim| (claim.wt_pct, claim.published, 0.0)).collect();
    (!points.is_empty()).then(|| Series { name: format!("{name}, published"), colour, points, marks: true })
}
