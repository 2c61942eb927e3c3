//! One function on both sides: inputs, the twin, and how far apart the results may be.

use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_pcg::Pcg32 as Rng;
use relume::counts::{GROUPS, Sum};
use relume::cpu::World;
use relume::cpu::geometry::Photon;
use relume::cpu::tally::Tally;
use relume::tables::Tables;

use super::kernel::{Device, Input};
use super::state::{GpuPhoton, PHOTON_WORDS, Pool, SEED};

/// What an input word is.
#[derive(Clone, Copy)]
pub enum Word {
    /// Any 32 bits, now and then near the ends of the range or its middle.
    Bits,
    /// A number below this one.
    Below(u32),
    /// An f32 in this range, now and then one of its ends.
    Float(f32, f32),
}

/// The Rust side of a case, with the names that a shader body has.
pub struct Twin<'a> {
    pub world: &'a World<'a>,
    pub tally: &'a mut Tally,
    pub photon: &'a mut Photon,
    pub words: &'a [u32],
    pub out: Vec<u32>,
}

impl Twin<'_> {
    pub fn u(&self, k: usize) -> u32 {
        self.words[k]
    }
    pub fn f(&self, k: usize) -> f32 {
        f32::from_bits(self.words[k])
    }
    pub fn u64(&self, k: usize) -> u64 {
        self.words[k] as u64 | (self.words[k + 1] as u64) << 32
    }
    pub fn out_u(&mut self, value: u32) {
        self.out.push(value);
    }
    pub fn out_u64(&mut self, value: u64) {
        self.out.extend([value as u32, (value >> 32) as u32]);
    }
    pub fn outs_f<const N: usize>(&mut self, values: [f32; N]) {
        self.out.extend(values.map(f32::to_bits));
    }
    pub fn out_f(&mut self, value: f32) {
        self.out.push(value.to_bits());
    }
}

/// How far the device may be from the twin, where it need not be bit for bit.
///
/// On the software device everything is bit for bit: it neither contracts a * b + c to one rounding (FMA) nor
/// reorders. Graphics drivers may do the former, and divide to 2.5 units in the last place (Vulkan), so that
/// each operation can be off by a few 1e-7 of its larger operand; a sum that cancels then is off by that
/// much of what went in, whence the absolute part.
#[derive(Clone, Copy)]
pub struct Allowed {
    pub relative: f32,
    pub absolute: f32,
    /// Share of inputs that may go another way, because a comparison of such numbers came out otherwise.
    pub astray: f64,
}

/// Integers and exact powers of 2: bit for bit on every device.
pub const EXACT: Allowed = Allowed { relative: 0.0, absolute: 0.0, astray: 0.0 };

pub struct Case {
    pub name: &'static str,
    pub words: &'static [Word],
    /// `u` or `f` for each output word.
    pub out: &'static [u8],
    /// Statements of a shader; see `kernel::OPENING` for what they can use.
    pub wgsl: &'static str,
    pub twin: fn(&mut Twin),
    /// Makes a state fit for the function, or says that it cannot be.
    pub ready: fn(&World, &mut Photon) -> bool,
    pub allowed: Allowed,
}

pub struct Inputs {
    pub words: Vec<u32>,
    pub photons: Vec<GpuPhoton>,
}

impl Case {
    pub fn inputs(&self, pool: &Pool, count: usize) -> Inputs {
        let mut random = Rng::seed_from_u64(self.name.bytes().fold(7, |sum, b| sum * 31 + b as u64));
        let mut photons = Vec::with_capacity(count);
        let fitting: Vec<_> = pool
            .states
            .iter()
            .filter_map(|state| {
                let mut photon = state.to_cpu();
                let world = World::new(&pool.tables, state.design as usize, SEED);
                (self.ready)(&world, &mut photon).then(|| GpuPhoton::from_cpu(&photon, state.design, state.rng))
            })
            .collect();
        assert!(fitting.len() > 1000, "{}: only {} states fit", self.name, fitting.len());
        while photons.len() < count {
            let mut state = fitting[photons.len() % fitting.len()];
            // a state that comes again meets other random numbers
            state.rng = [random.next_u64(), random.next_u64()];
            photons.push(state);
        }
        let mut words = Vec::with_capacity(count * self.words.len());
        for _ in 0..count {
            words.extend(self.words.iter().map(|word| word.draw(&mut random)));
        }
        Inputs { words, photons }
    }
}

impl Word {
    fn draw(self, random: &mut Rng) -> u32 {
        let special = random.random_ratio(1, 32);
        match self {
            Word::Bits if special => {
                let near = [0, 1, 255, 0x7fff_ffff, 0x8000_0000, 0xffff_ff00, u32::MAX];
                near[random.random_range(0..near.len())]
            }
            Word::Bits => random.next_u32(),
            Word::Below(end) => random.random_range(0..end),
            Word::Float(low, high) if special => if random.random() { low } else { high }.to_bits(),
            Word::Float(low, high) => random.random_range(low..high).to_bits(),
        }
    }
}

/// Results of one side: output words, photons after, counts.
pub struct Results {
    pub words: Vec<u32>,
    pub photons: Vec<GpuPhoton>,
    pub counts: Vec<u64>,
}

pub fn on_cpu(case: &Case, tables: &Tables, inputs: &Inputs) -> Results {
    let mut tallies: Vec<_> = tables.layouts.iter().map(|layout| vec![0; layout.words()]).collect();
    let worlds: Vec<_> = (0..tables.designs.len()).map(|design| World::new(tables, design, SEED)).collect();
    let (mut words, mut photons) = (Vec::new(), Vec::new());
    for (i, state) in inputs.photons.iter().enumerate() {
        let design = state.design as usize;
        let mut photon = state.to_cpu();
        let mut twin = Twin {
            world: &worlds[design],
            tally: &mut tallies[design],
            photon: &mut photon,
            words: &inputs.words[i * case.words.len()..][..case.words.len()],
            out: Vec::new(),
        };
        (case.twin)(&mut twin);
        assert_eq!(twin.out.len(), case.out.len(), "{}: output words", case.name);
        words.append(&mut twin.out);
        photons.push(GpuPhoton::after(photon, state.design));
    }
    Results { words, photons, counts: tallies.concat() }
}

pub fn on_device(device: &Device, case: &Case, change: fn(String) -> String, pool: &Pool, inputs: &Inputs) -> Results {
    let input = Input {
        tables: &pool.tables,
        seed: SEED,
        words: &inputs.words,
        words_in: case.words.len(),
        words_out: case.out.len(),
        photons: &inputs.photons,
    };
    let output = device.run(change, case.wgsl, &input);
    let mut counts: Vec<u64> = output.counts.iter().map(|word| *word as u64).collect();
    // sums in two words become one, as on the CPU
    for (design, layout) in pool.tables.designs.iter().zip(&pool.tables.layouts) {
        for group in 0..GROUPS {
            for low in [Sum::EventsLow, Sum::WavelengthLow, Sum::OutputEnergyLow] {
                let word = design.first_count as usize + layout.sum(group, low);
                counts[word] += counts[word + 1] << 32;
                counts[word + 1] = 0;
            }
        }
    }
    let words = output.words[..case.out.len() * inputs.photons.len()].to_vec();
    Results { words, photons: output.photons, counts }
}

/// How two sides differ.
#[derive(Debug, Default)]
pub struct Difference {
    pub inputs: usize,
    /// Inputs whose results differ in any bit.
    pub bits: usize,
    /// Inputs whose integers differ, or whose floats are further apart than allowed.
    pub astray: usize,
    /// Words of the counts that differ.
    pub counts_off: usize,
    pub first: Option<String>,
}

pub fn compare(case: &Case, device: &Results, cpu: &Results) -> Difference {
    let mut difference = Difference { inputs: cpu.photons.len(), ..Default::default() };
    let outs = case.out.len();
    for i in 0..cpu.photons.len() {
        let words = |r: &Results| [&r.words[i * outs..][..outs], &r.photons[i].words()[..PHOTON_WORDS.len()]].concat();
        let (a, b) = (words(device), words(cpu));
        let kinds = case.out.iter().chain(PHOTON_WORDS);
        let nan = kinds.clone().zip(&b).any(|(kind, word)| *kind == b'f' && f32::from_bits(*word).is_nan());
        difference.bits += (a != b) as usize;
        let far = kinds.zip(a.iter().zip(&b)).position(|(kind, (a, b))| match kind {
            b'f' => !close(f32::from_bits(*a), f32::from_bits(*b), case.allowed),
            _ => a != b,
        });
        difference.astray += (nan || far.is_some()) as usize;
        if a != b || nan {
            difference.first.get_or_insert_with(|| format!("input {i}, word {far:?}: {a:x?} against {b:x?}"));
        }
    }
    difference.counts_off = device.counts.iter().zip(&cpu.counts).filter(|(a, b)| a != b).count();
    difference
}

fn close(a: f32, b: f32, allowed: Allowed) -> bool {
    a == b || (a - b).abs() <= allowed.absolute + allowed.relative * a.abs().max(b.abs())
}

impl Difference {
    /// Whether that is within what the case allows: bit for bit on a software device.
    pub fn acceptable(&self, allowed: Allowed, software: bool) -> bool {
        if software {
            return self.bits == 0 && self.astray == 0 && self.counts_off == 0;
        }
        // one photon that goes astray changes at most some 30 words on both sides together
        let astray = allowed.astray * self.inputs as f64;
        self.astray as f64 <= astray && self.counts_off as f64 <= 30.0 * astray
    }
}
