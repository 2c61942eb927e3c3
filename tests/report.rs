//! Reports and the pictures of sweeps: what must be in them, what must not, and that pictures show the numbers.

mod report_text;

use relume::outcome::{DEFINITIONS, Estimate};
use relume::report::html;
use relume::report::sweep_plot::contour::Grid;
use relume::report::sweep_plot::{curves, pictures};
use report_text::{GIVEN, run_report, sweep_of};

/// Every tag that opens closes again, in order. `void` are the tags of HTML that hold nothing.
fn nests(text: &str, void: &[&str]) -> Result<(), String> {
    let mut open = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').ok_or("a tag does not end")? + start;
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        let name: String = tag.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        if tag.starts_with('!') || tag.ends_with('/') || void.contains(&name.as_str()) {
            continue;
        }
        if name.is_empty() {
            return Err(format!("no tag: <{tag}>"));
        }
        if tag.starts_with('/') {
            match open.pop() {
                Some(own) if own == name => {}
                other => return Err(format!("</{name}> closes {other:?}")),
            }
        } else {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("left open: {open:?}")) }
}

/// docs/results.md names every number that a result has.
#[test]
fn every_number_is_documented() {
    let text = include_str!("../docs/results.md");
    let named = |key: &str| text.contains(&format!("`{key}`"));
    let fates = relume::counts::Fate::ALL.iter().map(|fate| fate.key());
    let missing: Vec<_> =
        DEFINITIONS.iter().map(|definition| definition.key).chain(fates).filter(|key| !named(key)).collect();
    assert_eq!(missing, [""; 0]);
    let last = |key: &str| key.rsplit('.').next().unwrap_or(key).to_string();
    let of_waves = relume::stack::QUANTITIES.iter().map(|quantity| last(quantity.key));
    let missing: Vec<_> = of_waves.filter(|key| !named(key)).collect();
    assert_eq!(missing, [""; 0]);
}

const VOID: [&str; 3] = ["meta", "br", "link"];

#[test]
fn a_report_holds_every_quantity_and_closes_its_ledger() {
    let (page, outcome) = run_report("A film");
    for definition in &DEFINITIONS {
        assert!(page.contains(definition.key), "{}", definition.key);
    }
    for id in ["answer", "ledger", "quantities", "plots", "emitters", "layers", "assumptions", "scene", "reproduce"] {
        assert_eq!(page.matches(&format!("<section id=\"{id}\">")).count(), 1, "{id}");
    }
    // The counts of the ledger's rows, as they stand on the page, sum to what was launched.
    let ledger = page.split("<table class=\"ledger\">").nth(1).and_then(|rest| rest.split("</tbody>").next()).unwrap();
    let counts = ledger.split("<tr><td>").skip(1).map(|row| {
        let cell = row.split("<td class=\"n\">").nth(1).unwrap().split('<').next().unwrap();
        cell.replace(',', "").parse::<u64>().unwrap()
    });
    assert_eq!(counts.sum::<u64>(), outcome.photons);
    assert!(page.contains("relume run"), "the command is there");
    assert!(page.contains("thickness_um = 50"), "the scene is there");
}

#[test]
fn a_report_needs_nothing_from_elsewhere() {
    let (page, _) = run_report("A film");
    for needle in ["http:", "https:", "<script", "src=", "href=", "url(", "@import"] {
        assert!(!page.contains(needle), "{needle}");
    }
    nests(&page, &VOID).unwrap();
    assert_eq!(page.matches("<svg").count(), 4);
}

#[test]
fn titles_and_scenes_are_escaped() {
    let evil = "A <script>alert(1)</script> & \"film\"";
    let (page, _) = run_report(evil);
    assert!(!page.contains("<script>"));
    assert!(page.contains("A &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;film&quot;"));
    nests(&page, &VOID).unwrap();
    let mut sweep = sweep_of(&[("layer.<i>.thickness_um", &[1.0, 2.0, 3.0])], |at| at[0]);
    sweep.title = evil.into();
    sweep.notes.push("a <note>".into());
    let page = html::sweep(&sweep, &GIVEN).unwrap();
    assert!(!page.contains("<script>") && !page.contains("<i>.") && !page.contains("<note>"));
    nests(&page, &VOID).unwrap();
}

#[test]
fn nesting_that_is_wrong_is_seen() {
    assert!(nests("<a><b></a></b>", &[]).is_err());
    assert!(nests("<a>", &[]).is_err());
    assert!(nests("<a>1 < 2</a>", &[]).is_err());
    assert!(nests("<a><b/></a>", &[]).is_ok());
}

#[test]
fn pictures_of_a_sweep_are_whole_documents() {
    let one = sweep_of(&[("layer.film.thickness_um", &[5.0, 20.0, 80.0])], |at| 0.5 + at[0] / 200.0);
    let two = plane(&|x, y| 0.9 - 0.001 * (x - y));
    for (sweep, first) in [(&one, "yields.svg"), (&two, "map_eqy.svg")] {
        let pictures = pictures(sweep).unwrap();
        assert_eq!(pictures.refused, None);
        assert_eq!(pictures.plots[0].0, first);
        for (name, svg) in &pictures.plots {
            nests(svg, &[]).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(svg.contains("film thickness / µm"), "{name}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
        }
        let files = html::files(sweep, &GIVEN).unwrap();
        assert_eq!(files[0].0, "report.html");
        assert_eq!(files.len(), pictures.plots.len() + 1);
        nests(&files[0].1, &VOID).unwrap();
    }
}

fn plane(value: &dyn Fn(f64, f64) -> f64) -> relume::sweep::SweepResult {
    let steps: Vec<f64> = (0..21).map(|i| 10.0 * f64::from(i) + 1.0).collect();
    let keys: [(&str, &[f64]); 2] = [("layer.film.thickness_um", &steps), ("source.angle_deg", &steps)];
    sweep_of(&keys, |at| value(at[0], at[1]))
}

#[test]
fn three_keys_are_refused_with_what_to_do() {
    let sweep = sweep_of(&[("a.b", &[1.0, 2.0]), ("c.d", &[1.0, 2.0]), ("e.f", &[3.0, 4.0])], |at| at[0] + at[2]);
    let pictures = pictures(&sweep).unwrap();
    assert!(pictures.plots.is_empty());
    assert!(pictures.refused.unwrap().contains("--set e.f=4"));
    assert!(html::sweep(&sweep, &GIVEN).unwrap().contains("--set e.f=4"));
}

#[test]
fn designs_that_fill_no_grid_are_refused() {
    let mut sweep = sweep_of(&[("a.b", &[1.0, 2.0]), ("c.d", &[1.0, 2.0])], |at| at[0]);
    sweep.rows.pop();
    sweep.best = None;
    assert!(pictures(&sweep).unwrap().refused.unwrap().contains("grid"));
}

#[test]
fn odd_sweeps_make_pages() {
    let empty = sweep_of(&[("a.b", &[])], |_| 0.0);
    let single = sweep_of(&[("a.b_um", &[0.0])], |_| 0.0);
    let flat = sweep_of(&[("a.b", &[1.0, 2.0]), ("c.d", &[1.0, 2.0])], |_| 0.5);
    let mut words = sweep_of(&[("recycling", &[1.0, 2.0, 3.0])], |at| at[0] / 4.0);
    for (row, word) in words.rows.iter_mut().zip(["on", "lost", "<b>transparent and very long indeed</b>"]) {
        row.values[0] = word.into();
    }
    let mut meaningless = sweep_of(&[("a.b", &[1.0, 2.0])], |_| 0.5);
    for row in &mut meaningless.rows {
        row.quantities.0.iter_mut().for_each(|(_, estimate)| *estimate = Estimate::NONE);
    }
    meaningless.best = None;
    for sweep in [empty, single, flat, words, meaningless] {
        let page = html::sweep(&sweep, &GIVEN).unwrap();
        nests(&page, &VOID).unwrap();
        assert!(!page.contains("NaN"), "{:?}", sweep.keys);
    }
}

#[test]
fn bands_are_one_standard_error_on_either_side() {
    let mut sweep = sweep_of(&[("layer.film.thickness_um", &[30.0, 10.0, 20.0])], |at| at[0] / 100.0);
    for (i, row) in sweep.rows.iter_mut().enumerate() {
        let eqy = row.quantities.0.iter_mut().find(|(key, _)| key == "eqy").unwrap();
        eqy.1.se = Some(0.01 * (i + 1) as f64);
    }
    let points = curves::points(&sweep, "eqy");
    let band: Vec<_> = points.iter().map(|p| (p.place, p.value, p.value - p.low, p.high - p.value)).collect();
    for (own, (place, value, se)) in band.iter().zip([(10.0, 0.1, 0.02), (20.0, 0.2, 0.03), (30.0, 0.3, 0.01)]) {
        assert_eq!((own.0, own.1), (place, value));
        assert!((own.2 - se).abs() < 1e-12 && (own.3 - se).abs() < 1e-12, "{own:?}");
    }
    // And so they are drawn: a band twice as wide for twice the error, as far above the line as below, and none for no error.
    let mut drawn = |se: f64| {
        for row in &mut sweep.rows {
            row.quantities.0.iter_mut().for_each(|(_, estimate)| estimate.se = Some(se));
        }
        band_px(&pictures(&sweep).unwrap().plots[0].1)
    };
    assert_eq!(drawn(0.0), 0.0);
    let (one, two) = (drawn(0.02), drawn(0.04));
    assert!(one > 20.0 && (two / one - 2.0).abs() < 0.15, "{one} and {two} pixels");
}

/// Mean height in pixels of the first band of a plot.
fn band_px(svg: &str) -> f64 {
    let ys = polygon_ys(svg);
    let (above, below) = ys.split_at(ys.len() / 2);
    below.iter().rev().zip(above).map(|(below, above)| f64::from(below - above)).sum::<f64>() / above.len() as f64
}

/// Heights of the corners of the first band.
fn polygon_ys(svg: &str) -> Vec<i32> {
    let points = svg.split("<polygon").nth(1).unwrap().split("points=\"").nth(1).unwrap().split('"').next().unwrap();
    points.split_whitespace().filter_map(|point| point.split_once(',')?.1.parse().ok()).collect()
}

/// Distance from (0.3, -0.2) on a grid that is uneven in x.
fn distances(points: usize, bend: f64) -> Grid {
    let place = |i: usize, power: f64| (i as f64 / (points - 1) as f64).powf(power) * 2.0 - 1.0;
    let x: Vec<_> = (0..points).map(|i| place(i, bend)).collect();
    let y: Vec<_> = (0..points).map(|i| place(i, 1.0)).collect();
    let values = y.iter().flat_map(|y| x.iter().map(move |x| Some(((x - 0.3).powi(2) + (y + 0.2).powi(2)).sqrt())));
    Grid { values: values.collect(), x, y }
}

#[test]
fn a_contour_lies_within_a_cell_of_the_truth() {
    for (points, bend) in [(11, 1.0), (40, 1.0), (40, 1.5)] {
        let grid = distances(points, bend);
        let cell = 2.0 * bend / (points - 1) as f64;
        for level in [0.25, 0.5, 0.9] {
            let lines = grid.contour(level);
            assert!(!lines.is_empty());
            let off = |(x, y): &(f64, f64)| (((x - 0.3).powi(2) + (y + 0.2).powi(2)).sqrt() - level).abs();
            let worst = lines.iter().flatten().map(off).fold(0.0, f64::max);
            assert!(worst < 0.5 * cell, "{points} points, level {level}: off by {worst}");
            // All of the circle within the square is there.
            let inside = (0..3600)
                .map(|i| f64::from(i) * std::f64::consts::TAU / 3600.0)
                .filter(|angle| (0.3 + level * angle.cos()).abs() <= 1.0 && (-0.2 + level * angle.sin()).abs() <= 1.0);
            let truth = inside.count() as f64 / 3600.0 * std::f64::consts::TAU * level;
            let drawn: f64 = lines
                .iter()
                .flat_map(|line| line.windows(2))
                .map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1))
                .sum();
            assert!((drawn / truth - 1.0).abs() < 0.06, "length {drawn}, not {truth}");
        }
        // A closed circle is one line that ends where it began.
        let lines = grid.contour(0.5);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
    }
}

#[test]
fn a_contour_of_another_level_is_not_the_truth() {
    let lines = distances(40, 1.0).contour(0.6);
    let off = lines.iter().flatten().map(|(x, y)| (((x - 0.3).powi(2) + (y + 0.2).powi(2)).sqrt() - 0.5).abs());
    assert!(off.fold(0.0, f64::max) > 0.05);
}

#[test]
fn contours_know_holes_and_saddles() {
    let mut grid = distances(11, 1.0);
    let before: usize = grid.contour(0.5).iter().map(Vec::len).sum();
    grid.values[40] = None;
    grid.values.iter_mut().skip(60).take(3).for_each(|value| *value = None);
    assert!(grid.contour(0.5).iter().map(Vec::len).sum::<usize>() < before);
    let saddle =
        Grid { x: vec![0.0, 1.0], y: vec![0.0, 1.0], values: vec![Some(1.0), Some(0.0), Some(0.0), Some(1.0)] };
    let lines = saddle.contour(0.4);
    assert_eq!(lines.len(), 2);
    // The middle is above the level, so that the lines cut off the corners below it.
    for line in &lines {
        let middle = ((line[0].0 + line[1].0) / 2.0, (line[0].1 + line[1].1) / 2.0);
        assert!((middle.0 - 0.5) * (middle.1 - 0.5) < 0.0, "{line:?}");
    }
    assert!(Grid { x: vec![], y: vec![], values: vec![] }.contour(0.0).is_empty());
}

#[test]
fn commands_can_be_typed_again() {
    let words = ["relume", "run", "my scene.toml", "--set", "title=\"it's\""].map(String::from);
    assert_eq!(html::command_line(words), r#"relume run 'my scene.toml' --set 'title="it'\''s"'"#);
}
