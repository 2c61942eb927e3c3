// What happens inside a medium: scattering, loss to the host, absorption and emission by emitters.

// First row of a medium's coefficients at the photon's wavelength.
fn coefficient_row(photon: ptr<function, Photon>, medium: u32) -> u32 {
    let block = design.first_row + ((*photon).node - design.first_node) * design.row_stride;
    return block + min(2u * medium, design.slabs + 1u + medium);
}

fn coefficients(photon: ptr<function, Photon>, medium: u32) -> Coefficients {
    let row = coefficient_rows[coefficient_row(photon, medium)];
    return Coefficients(row.x, row.y, row.z, row.w);
}

// Real and imaginary part of a medium's index, by all that absorbs there.
fn whole_index(photon: ptr<function, Photon>, medium: Coefficients) -> vec2<f32> {
    // the wavelength over 4 pi
    let reduced_um = f32(nodes[(*photon).node].wavelength) * (WAVELENGTH_UNIT_UM * 0.25 / PI);
    return vec2(medium.n, medium.mu_t * medium.absorb_end * reduced_um);
}

// Looks the photon's medium up, after either it or the wavelength has changed.
fn settle(photon: ptr<function, Photon>) {
    (*photon).here = coefficients(photon, (*photon).medium);
    (*photon).around = surroundings(photon);
    (*photon).unsettled = 0u;
}

// What surrounds the photon in its medium at its wavelength.
fn surroundings(photon: ptr<function, Photon>) -> Surroundings {
    let row = coefficient_rows[coefficient_row(photon, (*photon).medium) + 1u];
    let folds = (*photon).here.mu_t * (*photon).thickness_um < FOLDED_DEPTH;
    return Surroundings(row.x, row.y, select(0.0, row.z, folds), row.w);
}

// Share and anisotropy of one of the channels of a medium: scatterers first, then emitters, both only where there
// are several. A share includes all earlier channels of its family.
fn channel(photon: ptr<function, Photon>, number: u32) -> vec2<f32> {
    let first = coefficient_row(photon, 0u) + media[design.first_medium + (*photon).medium].channel_row;
    let pair = coefficient_rows[first + number / 2u];
    return select(pair.zw, pair.xy, number % 2u == 0u);
}

// An emitter of the photon's medium, which one is yet to be found.
const UNKNOWN: u32 = 0xfffffffdu;

// From this PLQY on random numbers below it are as fine as those of 24 bits below 1.
const SMALL_PLQY: f32 = 0.00390625;

// An interaction in the bulk: which one is a matter of shares. Returns the anisotropy of the new direction.
fn interact(photon: ptr<function, Photon>) -> f32 {
    let u = uniform_fine(rng_next(photon));
    var g = STRAIGHT;
    if u < (*photon).here.host_end {
        absorb_in_host(photon);
    } else if BULK_EMITTERS && u < (*photon).here.absorb_end {
        (*photon).excited = UNKNOWN;
    } else if SCATTERING {
        g = choose_scatterer(photon);
    }
    return g;
}

// Anisotropy of the scatterer that takes part: which one is a matter of shares.
fn choose_scatterer(photon: ptr<function, Photon>) -> f32 {
    if !SEVERAL_SCATTERERS || (*photon).around.g != SEVERAL {
        return (*photon).around.g;
    }
    let scatterers = media[design.first_medium + (*photon).medium].scatterers;
    var chosen = channel(photon, 0u);
    let u = uniform_f32(photon);
    for (var number = 1u; number < scatterers && u >= chosen.x; number += 1u) {
        chosen = channel(photon, number);
    }
    return chosen.y;
}

fn absorb_in_host(photon: ptr<function, Photon>) {
    (*photon).fate = select(FATE_HOST_EMISSION, FATE_HOST_PUMP, (*photon).emissions == 0u);
}

fn absorb_in_emitter(photon: ptr<function, Photon>) {
    if !SEVERAL_EMITTERS || design.emitters == 1u {
        (*photon).excited = design.first_emitter;
        return;
    }
    let medium = media[design.first_medium + (*photon).medium];
    // which emitter
    var number = 0u;
    if MIXED_EMITTERS && medium.emitters > 1u {
        let u = uniform_f32(photon);
        while number + 1u < medium.emitters && u >= channel(photon, medium.emitter_channel + number).x {
            number += 1u;
        }
    }
    (*photon).excited = medium.first_emitter + number;
}

// The excited emitter emits or not. Returns the anisotropy of the new direction.
fn relax(photon: ptr<function, Photon>) -> f32 {
    var g = STRAIGHT;
    let u = uniform_fine(rng_next(photon));
    if emits(photon, u) {
        begin_emission(photon);
        if is_in_packet((*photon).emitter) {
            let next = uniform_below(photon, emitters[(*photon).emitter].plqy, u);
            radiate(photon, next);
        } else {
            g = 0.0;
        }
    }
    return g;
}

// Whether the excited emitter emits: where a random number is below its PLQY. If not, the photon ends.
fn emits(photon: ptr<function, Photon>, u: f32) -> bool {
    let emitter = (*photon).excited;
    let reabsorbed = (*photon).emissions > 0u;
    (*photon).absorptions += 1u;
    let emits = u < emitters[emitter].plqy && !(reabsorbed && design.recycling_lost == 1u);
    tally_excitation(photon, emitter, emits);
    if !emits {
        (*photon).fate = FATE_NONRADIATIVE;
    }
    return emits;
}

// A uniform number once `u` is known to be below a PLQY: each number there is as likely as another. They are too few below
// a small one.
fn uniform_below(photon: ptr<function, Photon>, plqy: f32, u: f32) -> f32 {
    if plqy < SMALL_PLQY {
        return uniform_f32(photon);
    }
    return min(u * (1.0 / plqy), BELOW_ONE);
}

// A new wavelength from the emitter's spectrum, without memory of the old one. In a thick layer the direction
// is isotropic, which is scattering with g = 0 from wherever: that is left to `redirect`.
fn begin_emission(photon: ptr<function, Photon>) {
    let emitter = (*photon).excited;
    (*photon).emissions += 1u;
    if design.watched_emitter == NONE || design.watched_emitter == emitter {
        (*photon).chain += 1u;
    }
    (*photon).emitter = emitter;
    (*photon).excited = NONE;
    let bits = rng_next(photon);
    (*photon).node = choose_node(emitters[emitter].first_node, emitters[emitter].nodes, bits);
    (*photon).unsettled = 1u;
    (*photon).direction = vec3(0.0, 0.0, 1.0);
}

// A new direction at an angle to the old one, a new free path, a new polarisation.
fn redirect(photon: ptr<function, Photon>, g: f32) {
    let cos_theta = henyey_greenstein(g, uniform_f32(photon));
    (*photon).direction = deflect((*photon).direction, cos_theta, uniform_f32(photon));
    (*photon).tau = free_path(rng_next(photon));
    draw_polarisation(photon);
}

// s or p, half and half, where the design tracks it.
fn draw_polarisation(photon: ptr<function, Photon>) {
    if POLARISATION && design.tracks_polarisation == 1u {
        (*photon).polarisation = f32(rng_next(photon) >> 31u);
    }
}
