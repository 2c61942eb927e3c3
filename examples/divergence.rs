//! How well 32 lanes that run in step are used by the rounds of `shaders/lanes.wgsl`, counted on the CPU's twins:
//!
//!     cargo run --release --example divergence
//!
//! For each scene and number of turns in a round: the share of lanes that fly in a turn, of those the share that do the
//! more common of two things (interact, or meet a face), and how many rounds and turns a group takes for a photon of
//! each lane.

use relume::bench::{SCENES, Work};
use relume::compile::compile;
use relume::cpu::World;
use relume::cpu::geometry::{Photon, SIDE_DOWN, next_face};
use relume::cpu::medium::{UNKNOWN, redirect, settle};
use relume::cpu::source::launch;
use relume::cpu::tally::{Tally, tally_end};
use relume::cpu::transport::{ALIVE, fly, follow_excitation, meet_face};
use relume::scene::Document;
use relume::tables::{NONE, STRAIGHT, Tables};

const LANES: usize = 32;
const ROUNDS: usize = 20_000;

#[derive(Default)]
struct Seen {
    turns: usize,
    flying: usize,
    alike: usize,
    served: usize,
    photons: usize,
}

/// On its way.
fn is_light(photon: &Photon) -> bool {
    photon.fate == ALIVE && photon.excited == NONE
}

/// A source or a packet has excited an emitter.
fn is_waiting(photon: &Photon) -> bool {
    photon.fate == ALIVE && photon.excited < UNKNOWN
}

/// An excitation, and the new direction that may come of it.
fn follow(world: &World, tally: &mut Tally, photon: &mut Photon) {
    let g = follow_excitation(world, tally, photon);
    if g != STRAIGHT {
        redirect(world, photon, g);
    }
}

/// One group of lanes for so many rounds, without end.
fn group(tables: &Tables, turns: usize) -> Seen {
    let world = World::new(tables, 0, 1);
    let mut tally = vec![0; tables.layouts[0].words()];
    let mut lanes: Vec<Option<Photon>> = vec![None; LANES];
    let (mut seen, mut next) = (Seen::default(), 0);
    for _ in 0..ROUNDS {
        for lane in &mut lanes {
            let ended = lane.as_ref().is_none_or(|photon| photon.fate != ALIVE);
            if ended {
                if let Some(photon) = lane {
                    tally_end(&world, &mut tally, photon);
                    seen.photons += 1;
                }
                *lane = Some(launch(&world, next));
                next += 1;
            }
            let photon = lane.as_mut().expect("every lane has a photon");
            let waiting = is_waiting(photon);
            seen.served += usize::from(ended || waiting);
            if waiting {
                follow(&world, &mut tally, photon);
            }
            if photon.medium == 0 && is_light(photon) {
                settle(&world, photon);
                photon.events += 1;
                meet_face(&world, photon, SIDE_DOWN);
            }
        }
        for _ in 0..turns {
            let (mut flying, mut interacting) = (0, 0);
            for photon in lanes.iter_mut().flatten().filter(|photon| is_light(photon)) {
                flying += 1;
                photon.events += 1;
                if photon.unsettled == 1 {
                    settle(&world, photon);
                }
                interacting += usize::from(photon.tau < next_face(&world, photon).distance_um * photon.here.mu_t);
                let g = fly(&world, photon);
                if photon.excited == UNKNOWN {
                    follow(&world, &mut tally, photon);
                } else if g != STRAIGHT {
                    redirect(&world, photon, g);
                }
            }
            if flying == 0 {
                break;
            }
            seen.turns += 1;
            seen.flying += flying;
            seen.alike += interacting.max(flying - interacting);
        }
    }
    seen
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!(
        "| scene | turns in a round | lanes flying | of them alike | lanes served | rounds per photon | turns per photon |"
    );
    println!("|---|---|---|---|---|---|---|");
    for scene in &SCENES {
        let Work::One { text, .. } = scene.work else { continue };
        let design = Document::parse(text, scene.key, "".as_ref())?.scene()?;
        let tables = compile([&design], false);
        for turns in [1, 3, 5, 10, 16] {
            let seen = group(&tables, turns);
            let share = |part: usize, whole: usize| 100.0 * part as f64 / whole as f64;
            let per_photon = |count: usize| count as f64 * LANES as f64 / seen.photons as f64;
            println!(
                "| {} | {turns} | {:.0} % | {:.0} % | {:.0} % | {:.1} | {:.1} |",
                scene.key,
                share(seen.flying, LANES * seen.turns),
                share(seen.alike, seen.flying),
                share(seen.served, LANES * ROUNDS),
                per_photon(ROUNDS),
                per_photon(seen.turns),
            );
        }
    }
    Ok(())
}
