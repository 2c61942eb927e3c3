//! What waves do in a stack, as a page for a person, at most 96 columns wide.

use std::fmt::{self, Write};

use super::number::significant;
use super::terminal::{Style, listed, wrapped};
use crate::stack::{Emission, Optics, StackReport, Tandem};

const WIDTH: usize = 92;
/// A layer that absorbs less of the light is not listed.
const WORTH_A_WORD: f64 = 5e-5;

/// One way that power takes.
#[derive(Debug)]
pub(super) struct ModeOfLoss {
    pub name: &'static str,
    pub share: fn(&Emission) -> f64,
    colour: &'static str,
    meaning: &'static str,
}

const fn mode(
    name: &'static str,
    share: fn(&Emission) -> f64,
    colour: &'static str,
    meaning: &'static str,
) -> ModeOfLoss {
    ModeOfLoss { name, share, colour, meaning }
}

/// Where a dipole's power goes; the shares add up to 1.
pub(super) const BUDGET: [ModeOfLoss; 6] = [
    mode("air", |of| of.air, "32", "leaves by the output side"),
    mode("substrate", |of| of.substrate, "33", "trapped in a substrate"),
    mode("guided", |of| of.guided, "33", "guided in the thin layers"),
    mode("plasmon", |of| of.plasmon, "31", "surface plasmons and near fields"),
    mode("absorbed", |of| of.absorbed, "31", "absorbed on the way out"),
    mode("top", |of| of.top, "32", "leaves by the other side"),
];

/// The whole page.
pub fn page(report: &StackReport, style: Style) -> String {
    let mut out = String::new();
    let written = title(&mut out, report, style)
        .and_then(|()| optics(&mut out, &report.optics, style))
        .and_then(|()| report.dipole.iter().try_for_each(|dipole| emission(&mut out, dipole, style)))
        .and_then(|()| report.tandem.iter().try_for_each(|of| tandem(&mut out, of, style)))
        .and_then(|()| notes(&mut out, &report.notes, style));
    written.expect("a string takes any text");
    out.trim_start_matches('\n').to_owned()
}

fn title(out: &mut String, report: &StackReport, style: Style) -> fmt::Result {
    if report.title.is_empty() { Ok(()) } else { writeln!(out, "{}", style.paint("1", &report.title)) }
}

fn optics(out: &mut String, list: &[Optics], style: Style) -> fmt::Result {
    for packet in list.chunk_by(|a, b| a.packet == b.packet) {
        let names = packet[0].packet.join(" | ");
        writeln!(out, "\n{}", style.heading("Light on the front of"))?;
        wrapped(&names, WIDTH - 2).iter().try_for_each(|line| writeln!(out, "  {line}"))?;
        let head =
            format!("{:>8} {:>8} {:>4} {:>10} {:>10}   {}", "nm", "degrees", "", "R / %", "T / %", "absorbed / %");
        writeln!(out, "  {}", style.faint(&head))?;
        for at in packet {
            let absorbed = at.absorptance.0.iter().filter(|(_, share)| *share >= WORTH_A_WORD);
            let absorbed: Vec<_> = absorbed.map(|(name, share)| format!("{name} {:.2}", 100.0 * share)).collect();
            let absorbed = if absorbed.is_empty() { "-".to_owned() } else { absorbed.join(", ") };
            let (r, t) = (100.0 * at.reflectance, 100.0 * at.transmittance);
            let start =
                format!("  {:>8} {:>8} {:>4} {r:>10.3} {t:>10.3}   ", at.wavelength_nm, at.angle_deg, at.polarisation);
            for (i, line) in wrapped(&absorbed, WIDTH - start.len()).iter().enumerate() {
                let start = if i == 0 { start.clone() } else { " ".repeat(start.len()) };
                writeln!(out, "{start}{line}")?;
            }
        }
    }
    Ok(())
}

fn emission(out: &mut String, of: &Emission, style: Style) -> fmt::Result {
    writeln!(out, "\n{}", style.heading(&format!("Where the power of '{}' in layer '{}' goes", of.emitter, of.layer)))?;
    for mode in &BUDGET {
        let share = (mode.share)(of);
        let bar = style.bar(share);
        let room = " ".repeat(30_usize.saturating_sub(bar.chars().count()));
        let (bar, meaning) = (style.paint(mode.colour, &bar), style.faint(mode.meaning));
        // rounding leaves nothing just below 0
        writeln!(out, "  {:<10} {:>8.3} %  {bar}{room}  {meaning}", mode.name, 100.0 * share.max(0.0))?;
    }
    let crossing = [("output", of.substrate_to_air), ("other", of.substrate_to_top)];
    let crossing = crossing.iter().filter(|(_, share)| *share >= WORTH_A_WORD);
    let crossing: Vec<_> =
        crossing.map(|(side, share)| format!("{:.2} % leaves by the {side} side", 100.0 * share)).collect();
    if !crossing.is_empty() {
        writeln!(out, "  Of all power, from the substrate through the layers in the end: {}", crossing.join(", "))?;
    }
    let by_layer = of.by_layer.0.iter().filter(|(_, share)| *share >= WORTH_A_WORD);
    let by_layer: Vec<_> = by_layer.map(|(name, share)| format!("{name} {:.2} %", 100.0 * share)).collect();
    if !by_layer.is_empty() {
        let text = format!("Absorbed by layer, guided light and near fields included: {}", by_layer.join(", "));
        wrapped(&text, WIDTH - 2).iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    }
    efficiency(out, of, style)?;
    pattern(out, of, style)
}

fn efficiency(out: &mut String, of: &Emission, style: Style) -> fmt::Result {
    writeln!(out, "\n{}", style.heading("Efficiency"))?;
    let mut line = |name: &str, value: String, meaning: &str| {
        writeln!(out, "  {name:<28} {value:>14}  {}", style.faint(meaning)) //
    };
    let percent = |share: f64| format!("{:.3} %", 100.0 * share);
    line("purcell", format!("{:.4}", of.purcell), "rate of emission over that in the bulk")?;
    line("effective_plqy", percent(of.effective_plqy), &format!("PLQY {} with the Purcell factor", of.plqy))?;
    line("outcoupling_efficiency", percent(of.outcoupling_efficiency), "of emitted photons, without recycling")?;
    line("eqe_bound", percent(of.eqe_bound), "with an emitter layer that does not absorb")?;
    line("eqe", percent(of.eqe), &format!("charge balance {}", of.charge_balance))?;
    if let Some(recycling) = &of.recycling {
        let (lost, again) = (of.charge_balance * recycling.eqe_bound_lost, recycling.eqe);
        line("eqe, reabsorbed light lost", percent(lost), "with the emitter layer's own absorption")?;
        if recycling.eqe_bound != recycling.eqe_bound_lost {
            line("eqe with recycling", percent(again), "what the emitter takes back is emitted again")?;
        }
        for at in &recycling.spacers {
            let name = format!("  taken back, spacer {} nm", at.spacer_nm);
            let (at_once, later) = (100.0 * at.p_a, 100.0 * at.p_a_substrate);
            let sum =
                if later > 0.0 { format!("{at_once:.3} at once + {later:.3} by substrate; ") } else { String::new() };
            let parts = format!("{sum}EQE bound {}", percent(at.eqe_bound));
            line(&name, percent(at.p_a + at.p_a_substrate), &parts)?;
        }
    }
    if let Some(light) = &of.brightness {
        let current = format!("at {} mA/cm2, along the normal", light.current_density_ma_per_cm2);
        line("radiance", format!("{:.3} W/sr/m2", light.radiance_w_per_sr_m2), &current)?;
        line("luminance", format!("{} cd/m2", significant(light.luminance_cd_per_m2)), &current)?;
    }
    if let Some(colour) = &of.colour {
        line("current efficiency", format!("{:.3} cd/A", colour.current_efficiency_cd_per_a), "along the normal")?;
        line("CIE x, y", format!("{:.4}, {:.4}", colour.x, colour.y), "1931, of the light that leaves")?;
    }
    if of.air <= 0.0 {
        return Ok(());
    }
    let (mean, width) = (format!("{:.2} nm", of.mean_emission_nm), format!("{:.2} nm", of.width_nm));
    line("mean emission", mean, &format!("of the emitter itself {:.2} nm", of.intrinsic_mean_nm))?;
    line("width of the emission", width, &format!("of the emitter itself {:.2} nm", of.intrinsic_width_nm))
}

fn pattern(out: &mut String, of: &Emission, style: Style) -> fmt::Result {
    if of.air <= 0.0 {
        return Ok(());
    }
    writeln!(out, "\n{}", style.heading("Angular pattern, share of the power per steradian"))?;
    let head = format!("{:>8} {:>12} {:>12} {:>12} {:>12}", "degrees", "s", "p", "Lambert", "over Lambert");
    writeln!(out, "  {}", style.faint(&head))?;
    for at in of.far_field.iter().filter(|at| at.angle_deg < 90.0 && at.angle_deg % 15.0 == 0.0) {
        let over = (at.s + at.p) / at.lambertian;
        writeln!(out, "  {:>8} {:>12.5} {:>12.5} {:>12.5} {over:>12.3}", at.angle_deg, at.s, at.p, at.lambertian)?;
    }
    Ok(())
}

fn tandem(out: &mut String, of: &Tandem, style: Style) -> fmt::Result {
    writeln!(out, "\n{}", style.heading("Units of the tandem, of each pair of charges in every one"))?;
    let head = format!("{:>10} {:>10} {:>16}   {}", "air / %", "EQE / %", "recycling / %", "layer");
    writeln!(out, "  {}", style.faint(&head))?;
    let mut line = |air: String, eqe: f64, again: f64, name: &str| {
        writeln!(out, "  {air:>10} {:>10.3} {:>16.3}   {name}", 100.0 * eqe, 100.0 * again)
    };
    for (layer, unit) in &of.units.0 {
        let air = format!("{:.3}", 100.0 * unit.outcoupling_efficiency);
        line(air, unit.eqe, unit.eqe_with_recycling, &format!("{layer}, {:.1} nm", unit.mean_emission_nm))?;
    }
    line(String::new(), of.eqe, of.eqe_with_recycling, "all units in series")?;
    let Some(colour) = &of.colour else { return Ok(()) };
    let cd_per_a = colour.current_efficiency_cd_per_a;
    writeln!(out, "  all units: {cd_per_a:.3} cd/A along the normal, CIE x, y {:.4}, {:.4}", colour.x, colour.y)
}

fn notes(out: &mut String, notes: &[String], style: Style) -> fmt::Result {
    if notes.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", style.heading("What was assumed"))?;
    notes.iter().flat_map(|note| listed(note)).try_for_each(|line| writeln!(out, "{line}"))
}
