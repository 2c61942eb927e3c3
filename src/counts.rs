//! What an engine returns for one design: integers only, laid out alike on every device.
//!
//! Fates and event sums are kept in 32 groups (photon index mod 32), from which the jackknife forms
//! standard errors. Histograms, kept once, are there only where the job asked for detail.

use serde::Serialize;

/// Photon `index` belongs to group `index % GROUPS`.
pub const GROUPS: usize = 32;

/// How a photon ended. Every launched photon ends in exactly one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u32)]
pub enum Fate {
    /// Pump light that left by the front face, surface reflection included.
    ReflectedPump,
    TransmittedPump,
    EdgePump,
    FrontEmission,
    BackEmission,
    EdgeEmission,
    /// Absorbed by an emitter and not emitted again.
    Nonradiative,
    /// Absorbed by a host (parasitic), before or after the first emission.
    HostPump,
    HostEmission,
    ReflectorPump,
    ReflectorEmission,
    EdgeAbsorbedPump,
    EdgeAbsorbedEmission,
    PacketPump,
    PacketEmission,
    Guided,
    Plasmon,
    /// Caught for good between total reflections in lossless layers.
    Trapped,
    /// Still alive at the event limit.
    Truncated,
}

impl Fate {
    pub const COUNT: usize = 19;
    pub const ALL: [Fate; Fate::COUNT] = [
        Fate::ReflectedPump,
        Fate::TransmittedPump,
        Fate::EdgePump,
        Fate::FrontEmission,
        Fate::BackEmission,
        Fate::EdgeEmission,
        Fate::Nonradiative,
        Fate::HostPump,
        Fate::HostEmission,
        Fate::ReflectorPump,
        Fate::ReflectorEmission,
        Fate::EdgeAbsorbedPump,
        Fate::EdgeAbsorbedEmission,
        Fate::PacketPump,
        Fate::PacketEmission,
        Fate::Guided,
        Fate::Plasmon,
        Fate::Trapped,
        Fate::Truncated,
    ];

    /// The key in `counts` of a result.
    pub fn key(self) -> &'static str {
        match self {
            Fate::ReflectedPump => "reflected_pump",
            Fate::TransmittedPump => "transmitted_pump",
            Fate::EdgePump => "edge_pump",
            Fate::FrontEmission => "front_emission",
            Fate::BackEmission => "back_emission",
            Fate::EdgeEmission => "edge_emission",
            Fate::Nonradiative => "nonradiative",
            Fate::HostPump => "host_pump",
            Fate::HostEmission => "host_emission",
            Fate::ReflectorPump => "reflector_pump",
            Fate::ReflectorEmission => "reflector_emission",
            Fate::EdgeAbsorbedPump => "edge_absorbed_pump",
            Fate::EdgeAbsorbedEmission => "edge_absorbed_emission",
            Fate::PacketPump => "packet_pump",
            Fate::PacketEmission => "packet_emission",
            Fate::Guided => "guided",
            Fate::Plasmon => "plasmon",
            Fate::Trapped => "trapped",
            Fate::Truncated => "truncated",
        }
    }
}

/// Sums over the photons of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Sum {
    /// Pump photons that the first surface threw back.
    FirstReflected,
    /// Photons absorbed by an emitter at least once.
    FirstAbsorbed,
    /// Absorptions by emitters, first and later.
    Absorptions,
    /// Photons emitted at least once.
    FirstEmitted,
    Emissions,
    /// Turns of the transport loop; low and high 32 bits.
    EventsLow,
    EventsHigh,
    /// Wavelength of the emission that left, in [`WAVELENGTH_UNIT_NM`]; low and high 32 bits.
    WavelengthLow,
    WavelengthHigh,
    /// Photon energy of the emission that left by the output side, in [`ENERGY_UNIT_EV`].
    OutputEnergyLow,
    OutputEnergyHigh,
}

impl Sum {
    pub const COUNT: usize = 11;
}

pub const WAVELENGTH_UNIT_NM: f64 = 1.0 / 256.0;
pub const ENERGY_UNIT_EV: f64 = 1e-5;

/// Who absorbed at a depth: the second index of the depth histogram.
pub const DEPTH_KINDS: [&str; 4] = ["emitters_pump", "emitters_emission", "host_pump", "host_emission"];
/// Faces by which light leaves: the second index of the exit histograms.
pub const FACES: [&str; 3] = ["front", "back", "edge"];

/// Bins of cos(theta) outside, uniform over 0..1.
pub const ANGLE_BINS: usize = 100;
/// Bins of lateral exit radius; see [`radius_bin_um`].
pub const RADIUS_BINS: usize = 160;
/// Emissions 0..=255, and more.
pub const EMISSION_BINS: usize = 257;
/// Bins of depth in each layer, uniform over its thickness.
pub const DEPTH_BINS: usize = 100;

/// Lower and upper edge of a radius bin, in um. A radius is binned by the exponent and the two leading
/// mantissa bits of its square in f32, so that both engines agree to the bit: four bins to a factor 2 in
/// area, the first from 0.
pub fn radius_bin_um(bin: usize) -> (f64, f64) {
    let edge = |i: usize| {
        let octave = (i / 4) as i32 + RADIUS_FIRST_OCTAVE;
        (2f64.powi(octave) * (1.0 + (i % 4) as f64 / 4.0)).sqrt()
    };
    (if bin == 0 { 0.0 } else { edge(bin) }, if bin == RADIUS_BINS - 1 { f64::INFINITY } else { edge(bin + 1) })
}

/// The first bin of radius squared starts at 2^this um^2.
pub const RADIUS_FIRST_OCTAVE: i32 = -4;

/// Where each number of one design stands in its block of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Slabs of the design, gaps beside reflectors included.
    pub slabs: usize,
    /// Layers of all packets; behind the slabs among the losses by layer.
    pub packet_layers: usize,
    pub emitters: usize,
    /// First bin (whole nm) and number of bins of the exit spectra.
    pub first_bin_nm: u32,
    pub spectrum_bins: usize,
    /// Whether fates are kept by number of emissions; always so where histograms are.
    pub chains: bool,
    /// Whether histograms are kept.
    pub detail: bool,
    /// Whether the photons of a group are spread evenly, so that groups alone tell the error.
    pub stratified: bool,
}

impl Layout {
    pub fn fate(&self, group: usize, fate: Fate) -> usize {
        group * self.group_words() + fate as usize
    }

    pub fn sum(&self, group: usize, sum: Sum) -> usize {
        group * self.group_words() + Fate::COUNT + sum as usize
    }

    /// Photons absorbed by the host of a slab, or behind the slabs by a layer of a packet.
    pub fn host(&self, group: usize, absorber: usize, emission: bool) -> usize {
        debug_assert!(absorber < self.absorbers());
        group * self.group_words() + Fate::COUNT + Sum::COUNT + 2 * absorber + emission as usize
    }

    /// Slabs and layers of packets.
    pub fn absorbers(&self) -> usize {
        self.slabs + self.packet_layers
    }

    /// Absorptions by `emitter` of pump light (`from` = `None`) or of the emission of an emitter.
    /// Kept only where there are several emitters.
    pub fn absorbed(&self, group: usize, emitter: usize, from: Option<usize>) -> usize {
        self.matrix(group) + emitter * (self.emitters + 1) + from.map_or(0, |emitter| emitter + 1)
    }

    /// Emissions by `emitter` that followed such absorptions.
    pub fn emitted(&self, group: usize, emitter: usize, from: Option<usize>) -> usize {
        self.absorbed(group, self.emitters + emitter, from)
    }

    /// Emission of `emitter` that left by one of [`FACES`].
    pub fn left(&self, group: usize, emitter: usize, face: usize) -> usize {
        self.absorbed(group, 2 * self.emitters, None) + 3 * emitter + face
    }

    fn matrix(&self, group: usize) -> usize {
        debug_assert!(self.emitters > 1);
        group * self.group_words() + Fate::COUNT + Sum::COUNT + 2 * self.absorbers()
    }

    pub fn group_words(&self) -> usize {
        let by_emitter = if self.emitters > 1 { self.emitters * (2 * (self.emitters + 1) + 3) } else { 0 };
        Fate::COUNT + Sum::COUNT + 2 * self.absorbers() + by_emitter
    }

    /// Tables of fates by number of emissions.
    fn chain_tables(&self) -> usize {
        if self.stratified { GROUPS } else { 1 }
    }

    /// Photons of a fate that were emitted so many times (0..=255, then 256 for more), by any emitter or by
    /// the one that was watched; of a group, where groups tell the error, else of all.
    pub fn emissions(&self, group: usize, fate: Fate, emissions: usize) -> usize {
        let table = group % self.chain_tables();
        GROUPS * self.group_words() + (table * Fate::COUNT + fate as usize) * EMISSION_BINS + emissions
    }

    pub fn spectrum(&self, emission: bool, face: usize, bin: usize) -> usize {
        self.histograms() + (emission as usize * 3 + face) * self.spectrum_bins + bin
    }

    pub fn angle(&self, emission: bool, face: usize, bin: usize) -> usize {
        self.spectrum(true, 3, 0) + (emission as usize * 3 + face) * ANGLE_BINS + bin
    }

    pub fn radius(&self, emission: bool, face: usize, bin: usize) -> usize {
        self.angle(true, 3, 0) + (emission as usize * 3 + face) * RADIUS_BINS + bin
    }

    pub fn depth(&self, slab: usize, kind: usize, bin: usize) -> usize {
        self.radius(true, 3, 0) + (slab * DEPTH_KINDS.len() + kind) * DEPTH_BINS + bin
    }

    /// Where the histograms begin: behind the groups and the chains of emissions.
    pub fn histograms(&self) -> usize {
        let chains = if self.chains { self.chain_tables() * Fate::COUNT * EMISSION_BINS } else { 0 };
        GROUPS * self.group_words() + chains
    }

    /// Words of one design.
    pub fn words(&self) -> usize {
        debug_assert!(self.chains || !self.detail);
        if self.detail { self.depth(self.slabs, 0, 0) } else { self.histograms() }
    }
}

/// The counts of one design. Equal where all numbers are, however sums of two words are parted between them.
#[derive(Debug, Clone)]
pub struct Counts {
    pub layout: Layout,
    pub words: Vec<u64>,
}

impl PartialEq for Counts {
    fn eq(&self, other: &Self) -> bool {
        self.layout == other.layout && self.joined() == other.joined()
    }
}

impl Eq for Counts {}

/// Sums kept in two words.
const WIDE_SUMS: [(Sum, Sum); 3] = [
    (Sum::EventsLow, Sum::EventsHigh),
    (Sum::WavelengthLow, Sum::WavelengthHigh),
    (Sum::OutputEnergyLow, Sum::OutputEnergyHigh),
];

impl Counts {
    pub fn zero(layout: Layout) -> Self {
        Self { layout, words: vec![0; layout.words()] }
    }

    /// Adds the counts of other photons of the same design.
    pub fn add(&mut self, words: &[u64]) {
        assert_eq!(self.words.len(), words.len());
        for (sum, word) in self.words.iter_mut().zip(words) {
            *sum += word;
        }
    }

    pub fn fate(&self, group: usize, fate: Fate) -> u64 {
        self.words[self.layout.fate(group, fate)]
    }

    /// A fate over all groups.
    pub fn fate_total(&self, fate: Fate) -> u64 {
        (0..GROUPS).map(|group| self.fate(group, fate)).sum()
    }

    pub fn sum(&self, group: usize, sum: Sum) -> u64 {
        self.words[self.layout.sum(group, sum)]
    }

    /// Photons of a fate that were emitted so many times; see [`Layout::emissions`].
    pub fn emissions(&self, fate: Fate, emissions: usize) -> u64 {
        (0..self.layout.chain_tables()).map(|group| self.words[self.layout.emissions(group, fate, emissions)]).sum()
    }

    /// The words with sums of two in the first of them. Devices carry over from one to the other, readers of theirs need not.
    pub fn joined(&self) -> Vec<u64> {
        let mut words = self.words.clone();
        for (low, high) in WIDE_SUMS {
            for group in 0..GROUPS {
                words[self.layout.sum(group, low)] = self.wide_sum(group, low, high);
                words[self.layout.sum(group, high)] = 0;
            }
        }
        words
    }

    /// A sum kept in two words of 32 bits.
    pub fn wide_sum(&self, group: usize, low: Sum, high: Sum) -> u64 {
        self.sum(group, low) + (self.sum(group, high) << 32)
    }

    /// Photons of a group that came to an end.
    pub fn ended(&self, group: usize) -> u64 {
        let first = self.layout.fate(group, Fate::ALL[0]);
        self.words[first..first + Fate::COUNT].iter().sum()
    }

    /// Turns of the transport loop.
    pub fn events(&self) -> u64 {
        (0..GROUPS).map(|group| self.wide_sum(group, Sum::EventsLow, Sum::EventsHigh)).sum()
    }

    /// Photons that came to an end.
    pub fn photons(&self) -> u64 {
        (0..GROUPS).map(|group| self.ended(group)).sum()
    }
}
