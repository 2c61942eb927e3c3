// Light of an emitter inside a packet: wave optics says where it goes, and that stands in tables, by node of the
// emitter's spectrum.

fn is_in_packet(emitter: u32) -> bool {
    return DIPOLES && emitters[emitter].dipole_row != NONE;
}

// Rows of a node: where power goes, how directions of the four ways out are drawn, what is absorbed.
fn dipole_stride(absorbers: u32) -> u32 {
    return 2u + 4u * DIPOLE_WAY_ROWS + (absorbers + 3u) / 4u;
}

// First row of the photon's emitter at the photon's wavelength.
fn dipole_row(photon: ptr<function, Photon>) -> u32 {
    let emitter = emitters[(*photon).emitter];
    let stride = dipole_stride(packet_absorbers(emitter.packet_face));
    return emitter.dipole_row + ((*photon).node - emitter.first_node) * stride;
}

// Out of the packet, into waves that stay in it for good, or to one of its absorbers: one random number tells by shares of
// the emitted power.
fn radiate(photon: ptr<function, Photon>, u: f32) {
    let row = dipole_row(photon);
    let out = coefficient_rows[row];
    let stays = coefficient_rows[row + 1u];
    if u < out.w {
        emerge(photon, row, u32(u >= out.x) + u32(u >= out.y) + u32(u >= out.z), u);
    } else if u < stays.x {
        (*photon).fate = FATE_PLASMON;
    } else if u < stays.y {
        (*photon).fate = FATE_GUIDED;
    } else {
        reabsorb(photon, row, u);
    }
}

// A number of those that fill rows from this one on.
fn dipole_number(row: u32, number: u32) -> f32 {
    return coefficient_rows[row + number / 4u][number % 4u];
}

// Cosine to the normal at which light leaves by one way, from the random number that chose it. Rows: the share of the emitted
// power by earlier ways and below every sixteenth cosine, below each, the cosines.
fn emerging_cosine(row: u32, u: f32) -> f32 {
    let first = coefficient_rows[row];
    let second = coefficient_rows[row + 1u];
    let below = u32(u >= first.y) + u32(u >= first.z) + u32(u >= first.w);
    let beyond = u32(u >= second.x) + u32(u >= second.y) + u32(u >= second.z) + u32(u >= second.w);
    let shares = row + 2u;
    var cell = DIPOLE_CELLS / 8u * (below + beyond);
    for (var step = DIPOLE_CELLS / 16u; step > 0u; step /= 2u) {
        if u >= dipole_number(shares, cell + step) {
            cell += step;
        }
    }
    let cosines = shares + DIPOLE_CELLS / 4u + 1u;
    let low = dipole_number(cosines, cell);
    let high = dipole_number(cosines, cell + 1u);
    let below_low = dipole_number(shares, cell);
    let below_high = dipole_number(shares, cell + 1u);
    return low + (high - low) * ((u - below_low) / (below_high - below_low));
}

// Into a thick medium beside the packet, at a cosine that the random number tells which chose the way. Ways: front s, front p, back s, back p.
fn emerge(photon: ptr<function, Photon>, row: u32, way: u32, u: f32) {
    let cosine = max(emerging_cosine(row + 2u + way * DIPOLE_WAY_ROWS, u), GRAZING);
    let sine = sqrt(max(1.0 - cosine * cosine, 0.0));
    let turn = cos_sin_turn(uniform_f32(photon));
    let down = way >= 2u;
    (*photon).direction = vec3(sine * turn.x, sine * turn.y, select(-cosine, cosine, down));
    (*photon).tau = free_path(rng_next(photon));
    (*photon).total_face = NONE;
    if POLARISATION && design.tracks_polarisation == 1u {
        (*photon).polarisation = f32(way % 2u);
    }
    enter_medium(photon, emitters[(*photon).emitter].packet_face + u32(down), cosine, down);
}

// Absorbed in the packet on its way out, or guided along an emitter that takes it up.
fn reabsorb(photon: ptr<function, Photon>, row: u32, u: f32) {
    let face = emitters[(*photon).emitter].packet_face;
    let absorbers = packet_absorbers(face);
    let first = row + 2u + 4u * DIPOLE_WAY_ROWS;
    var absorber = 0u;
    while absorber + 1u < absorbers && u >= coefficient_rows[first + absorber / 4u][absorber % 4u] {
        absorber += 1u;
    }
    absorb_by(photon, face, absorber);
}
