//! Coherent layers met by many waves side by side (`optics::lanes`), each as one wave meets them.

use num_complex::Complex64;

use super::absorption::is_thin;
use super::known::Shared;
use super::recursion::Load;
use super::response::Power;
use super::stack::{Sheet, Stack};
use crate::optics::elementary::exp_and_minus_1;
use crate::optics::lanes::{Complexes, LANES, Many, Row, row};

pub(crate) type Loads = Many<Load, 10>;
pub(crate) type Powers = Many<[Power; 2], 4>;

/// As [`Stack::load`], at the squared in-plane index of each wave.
#[inline(always)]
pub(crate) fn loads(stack: &Stack, s2: &Complexes) -> Loads {
    let mut loads = Loads::zero();
    match &stack.shared {
        None => from_exit(stack, &stack.sheets, s2, &mut loads),
        Some(Shared { own, known }) => {
            let (own, common) = stack.sheets.split_at(*own);
            loads = known.loads(s2, |loads| from_exit(stack, common, s2, loads)).1;
            if !own.is_empty() {
                through(own, s2, &mut loads);
            }
        }
    }
    loads
}

/// Loads at the first of the last layers.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
fn from_exit(stack: &Stack, last: &[Sheet], s2: &Complexes, loads: &mut Loads) {
    for lane in 0..LANES {
        loads.put(lane, Load::at_exit(&stack.exit, s2.get(lane)));
    }
    through(last, s2, loads);
}

/// Loads at the first of some layers in place of those behind the last.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
fn through(sheets: &[Sheet], s2: &Complexes, loads: &mut Loads) {
    for sheet in sheets.iter().rev() {
        for lane in 0..LANES {
            loads.put(lane, sheet.pass(s2.get(lane), loads.get(lane)).front);
        }
    }
}

/// Absorption by layer, kept between evaluations so that nothing is allocated.
#[derive(Debug, Clone, Default)]
pub(crate) struct Workspaces {
    /// The last layer first.
    layers: Vec<Absorbed>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Absorbed {
    /// For s and p.
    powers: [Row; 2],
    /// `Im` of what the load at the layer's front has as `delta_sum`.
    depth: Row,
}

impl Workspaces {
    /// As [`super::Workspace::layers`], for s and p by wave.
    pub fn layers(&self) -> impl DoubleEndedIterator<Item = &[Row; 2]> + Clone {
        self.layers.iter().rev().map(|layer| &layer.powers)
    }
}

impl Stack {
    /// As [`Stack::power`], at each in-plane index, side by side: several times faster.
    pub fn powers(&self, in_plane_indices: &[f64]) -> Vec<[Power; 2]> {
        let several = |in_plane: &[f64]| {
            let row = row(in_plane);
            let mut s2 = Complexes::zero();
            for lane in 0..LANES {
                s2.put(lane, squared(row[lane]));
            }
            let (powers, _) = powers(self, &row, &loads(self, &s2));
            (0..in_plane.len()).map(move |lane| powers.get(lane))
        };
        in_plane_indices.chunks(LANES).flat_map(several).collect()
    }

    /// As [`Stack::absorptances`], at the in-plane index of each wave.
    pub(crate) fn absorptances_of_many(&self, in_plane: &Row, workspaces: &mut Workspaces) -> Powers {
        let loads = self.absorbed_per_load(in_plane, workspaces);
        let (powers, brought_in) = powers(self, in_plane, &loads);
        for layer in &mut workspaces.layers {
            for pol in 0..2 {
                for (absorbed, brought_in) in layer.powers[pol].iter_mut().zip(&brought_in[pol]) {
                    *absorbed *= brought_in;
                }
            }
        }
        powers
    }

    /// Leaves in the workspaces the drop of `Re(F conj(G))` across each layer where the fields at the first face are
    /// the load's.
    pub(crate) fn absorbed_per_load(&self, in_plane: &Row, workspaces: &mut Workspaces) -> Loads {
        let layers = &mut workspaces.layers;
        layers.clear();
        let mut loads = Loads::zero();
        let all = |sheets: &[Sheet], loads: &mut Loads, layers: &mut Vec<Absorbed>| {
            let mut s2 = Complexes::zero();
            for lane in 0..LANES {
                s2.put(lane, squared(in_plane[lane]));
            }
            from_exit(self, &[], &s2, loads);
            absorbed_through(sheets, in_plane, loads, layers);
        };
        match &self.shared {
            None => all(&self.sheets, &mut loads, layers),
            Some(Shared { own, known }) => {
                let (own, common) = self.sheets.split_at(*own);
                let known = known.absorbed(in_plane, |(loads, layers)| all(common, loads, layers));
                loads = known.1.0;
                layers.extend(&known.1.1);
                absorbed_through(own, in_plane, &mut loads, layers);
            }
        }
        scale_to_front(layers, &loads);
        loads
    }
}

/// As [`through`], with what each layer absorbs where its own back has the fields of its load.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
fn absorbed_through(sheets: &[Sheet], in_plane: &Row, loads: &mut Loads, layers: &mut Vec<Absorbed>) {
    for sheet in sheets.iter().rev() {
        let mut absorbed = Absorbed { powers: [[0.0; LANES]; 2], depth: [0.0; LANES] };
        if sheet.eps.im > 0.0 {
            pass_and_absorb(sheet, in_plane, loads, &mut absorbed);
        } else {
            for lane in 0..LANES {
                loads.put(lane, sheet.pass(squared(in_plane[lane]), loads.get(lane)).front);
            }
        }
        layers.push(absorbed);
    }
}

/// What layers absorb where the fields at the first face are the load's there.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
fn scale_to_front(layers: &mut [Absorbed], loads: &Loads) {
    for layer in layers {
        for lane in 0..LANES {
            let (scale, _) = exp_and_minus_1(-2.0 * (loads.get(lane).delta_sum.im - layer.depth[lane]));
            layer.powers[0][lane] *= scale;
            layer.powers[1][lane] *= scale;
        }
    }
}

#[inline(always)]
fn pass_and_absorb(sheet: &Sheet, in_plane: &Row, loads: &mut Loads, absorbed: &mut Absorbed) {
    let back = *loads;
    let mut thin = [0.0; LANES];
    for lane in 0..LANES {
        let s2 = squared(in_plane[lane]);
        let step = sheet.pass(s2, back.get(lane));
        let [s, p] = sheet.absorbed(s2, &step);
        (absorbed.powers[0][lane], absorbed.powers[1][lane]) = (s, p);
        absorbed.depth[lane] = step.front.delta_sum.im;
        thin[lane] = if is_thin(&step) { 1.0 } else { 0.0 };
        loads.put(lane, step.front);
    }
    if thin == [0.0; LANES] {
        return;
    }
    for lane in 0..LANES {
        let s2 = squared(in_plane[lane]);
        let [s, p] = sheet.absorbed_when_thin(s2, &sheet.pass(s2, back.get(lane)));
        let [thick_s, thick_p] = absorbed.powers;
        absorbed.powers[0][lane] = if thin[lane] > 0.0 { s } else { thick_s[lane] };
        absorbed.powers[1][lane] = if thin[lane] > 0.0 { p } else { thick_p[lane] };
    }
}

#[inline(always)]
fn squared(in_plane: f64) -> Complex64 {
    Complex64::new(in_plane * in_plane, 0.0)
}

/// As [`Stack::power_of`], with what the fields of the loads are worth for s and p.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
fn powers(stack: &Stack, in_plane: &Row, loads: &Loads) -> (Powers, [Row; 2]) {
    let (mut powers, mut worth) = (Powers::zero(), [[0.0; LANES]; 2]);
    for lane in 0..LANES {
        let (s2, load) = (squared(in_plane[lane]), loads.get(lane));
        powers.put(lane, stack.power_of(&load, s2));
        [worth[0][lane], worth[1][lane]] = stack.brought_in(&load, s2);
    }
    (powers, worth)
}

#[cfg(test)]
mod tests {
    use super::super::{Layer, Workspace};
    use super::*;

    /// Layers that absorb and are thin or thick beside the wave, one that does not absorb, one that nothing gets through; waves
    /// along the normal, grazing in the layers and outside, and with no way out.
    #[test]
    fn many_waves_are_each_as_one() {
        let layers = [(1.9, 0.01, 120.0), (1.5, 0.3, 1.0), (1.35, 0.0, 40.0), (0.9, 6.3, 30.0), (0.9, 6.3, 20_000.0)];
        let layers = layers.map(|(n, k, nm)| Layer::new(n, k, nm));
        let mut workspaces = Workspaces::default();
        for (count, exit) in [(4, 1.0), (3, 1.45), (5, 1.0), (0, 1.0)] {
            let stack = Stack::new(540.0, 1.52, &layers[..count], exit.into()).unwrap();
            let in_plane: Row =
                std::array::from_fn(|lane| [0.0, 1.0, 1.35, 1.52, 1.9][lane % 5] + (lane / 5) as f64 * 0.17);
            let powers = stack.absorptances_of_many(&in_plane, &mut workspaces);
            assert_eq!(
                stack.powers(&in_plane[..13]),
                in_plane[..13].iter().map(|s| stack.power(*s)).collect::<Vec<_>>()
            );
            for lane in 0..LANES {
                let mut workspace = Workspace::default();
                assert_eq!(powers.get(lane), stack.absorptances(in_plane[lane], &mut workspace));
                let layers: Vec<_> = workspaces.layers().map(|[s, p]| [s[lane], p[lane]]).collect();
                assert_eq!(layers, workspace.layers().collect::<Vec<_>>());
            }
            // partner: another wave's powers
            assert_ne!(powers.get(0), powers.get(1));
        }
    }
}
