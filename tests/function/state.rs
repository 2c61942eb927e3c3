//! Photon states as the device holds them, and many of them from the middle of photons' lives.

use bytemuck::{Pod, Zeroable};
use glam::Vec3;
use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_pcg::Pcg32 as Rng;
use relume::compile::compile;
use relume::cpu::World;
use relume::cpu::geometry::Photon;
use relume::cpu::medium::settle;
use relume::cpu::rng::{rng_new, rng_next};
use relume::cpu::source::launch;
use relume::cpu::transport::{ALIVE, step};
use relume::tables::{Coefficients, EDGE_NONE, NONE, Surroundings, Tables};

use super::common::scenes;

/// `Photon` of shaders/geometry.wgsl.
#[repr(C)]
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
pub struct GpuPhoton {
    pub position: [f32; 3],
    pub tau: f32,
    pub direction: [f32; 3],
    pub node: u32,
    /// In: state and stream of a new generator. Out: its next two numbers, and 0.
    pub rng: [u64; 2],
    pub here: Coefficients,
    pub around: Surroundings,
    pub thickness_um: f32,
    pub medium: u32,
    pub design: u32,
    pub group: u32,
    pub emitter: u32,
    pub excited: u32,
    pub unsettled: u32,
    pub absorptions: u32,
    pub emissions: u32,
    pub chain: u32,
    pub events: u32,
    pub total_face: u32,
    pub polarisation: f32,
    pub fate: u32,
    pub exit_face: u32,
    pub exit_cos: f32,
}

/// Which words of a photon are floats.
pub const PHOTON_WORDS: &[u8; 36] = b"fffffffuuuuufffffffffuuuuuuuuuuufuuf";

impl GpuPhoton {
    pub fn to_cpu(self) -> Photon {
        Photon {
            position: self.position.into(),
            tau: self.tau,
            direction: self.direction.into(),
            node: self.node,
            rng: rng_new(self.rng[0], self.rng[1]),
            here: self.here,
            around: self.around,
            thickness_um: self.thickness_um,
            medium: self.medium,
            group: self.group,
            emitter: self.emitter,
            excited: self.excited,
            unsettled: self.unsettled,
            absorptions: self.absorptions,
            emissions: self.emissions,
            chain: self.chain,
            events: self.events,
            total_face: self.total_face,
            polarisation: self.polarisation,
            fate: self.fate,
            exit_face: self.exit_face,
            exit_cos: self.exit_cos,
        }
    }

    /// The state with a given pair of words for its generator.
    pub fn from_cpu(photon: &Photon, design: u32, rng: [u64; 2]) -> Self {
        Self {
            position: photon.position.into(),
            tau: photon.tau,
            direction: photon.direction.into(),
            node: photon.node,
            rng,
            here: photon.here,
            around: photon.around,
            thickness_um: photon.thickness_um,
            medium: photon.medium,
            design,
            group: photon.group,
            emitter: photon.emitter,
            excited: photon.excited,
            unsettled: photon.unsettled,
            absorptions: photon.absorptions,
            emissions: photon.emissions,
            chain: photon.chain,
            events: photon.events,
            total_face: photon.total_face,
            polarisation: photon.polarisation,
            fate: photon.fate,
            exit_face: photon.exit_face,
            exit_cos: photon.exit_cos,
        }
    }

    /// The state after a function, as the device writes it.
    pub fn after(mut photon: Photon, design: u32) -> Self {
        let draw_1 = rng_next(&mut photon);
        let draw_2 = rng_next(&mut photon);
        Self::from_cpu(&photon, design, [draw_1 as u64 | (draw_2 as u64) << 32, 0])
    }

    pub fn words(&self) -> &[u32] {
        bytemuck::cast_slice(std::slice::from_ref(self))
    }
}

/// The scenes of the tests in one set of tables, and states of their photons.
pub struct Pool {
    pub tables: Tables,
    pub states: Vec<GpuPhoton>,
}

pub const SEED: u64 = 0x1234_5678_9abc_def0;

impl Pool {
    pub fn new(states: usize) -> Self {
        let scenes = scenes::all();
        let mut tables = Tables::default();
        for (number, (_, scene)) in scenes.iter().enumerate() {
            let mut own = compile([scene], true);
            // of each kind of source, some start as points of a sequence
            if number % 2 == 0 {
                own.stratify();
            }
            tables.append(own);
        }
        let mut random = Rng::seed_from_u64(1);
        let mut all = Vec::with_capacity(states);
        let mut scratch = tables.layouts.iter().map(|layout| vec![0; layout.words()]).collect::<Vec<_>>();
        let worlds: Vec<_> = (0..scenes.len()).map(|design| World::new(&tables, design, SEED)).collect();
        for index in 0..states {
            let design = index % scenes.len();
            let world = &worlds[design];
            let mut photon = launch(world, index as u64);
            // some turns into its life, and not yet ended
            for _ in 0..random.random_range(0..25) {
                let before = photon.clone();
                step(world, &mut scratch[design], &mut photon);
                if photon.fate != ALIVE {
                    photon = before;
                    break;
                }
            }
            if random.random_ratio(1, 8) {
                awkward(world, &mut photon, &mut random);
            }
            all.push(GpuPhoton::from_cpu(&photon, design as u32, [random.next_u64(), random.next_u64()]));
        }
        Self { tables, states: all }
    }
}

/// Puts a photon where arithmetic is hardest: on a face, on an edge, or along one.
fn awkward(world: &World, photon: &mut Photon, random: &mut Rng) {
    if photon.medium == 0 || photon.excited != NONE {
        return;
    }
    settle(world, photon);
    let down = photon.direction.z > 0.0;
    let sign = if down { 1.0 } else { -1.0 };
    match random.random_range(0..7) {
        0 => photon.position.z = 0.0,
        1 => photon.position.z = photon.thickness_um,
        2 => photon.direction = Vec3::new(0.0, 1.0, sign * 1e-12),
        3 => photon.direction = Vec3::new(-1.0, 0.0, sign * 1e-7),
        4 => photon.direction = Vec3::new(0.0, 0.0, sign),
        5 if world.design.edge_kind != EDGE_NONE => photon.position.x = world.design.half_width_um,
        5 => photon.tau = 0.0,
        _ if world.design.edge_kind != EDGE_NONE => photon.position.y = -world.design.half_depth_um,
        _ => photon.tau = 100.0,
    }
}
