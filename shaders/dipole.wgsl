// Light of an emitter inside a packet: wave optics says where it goes, and that stands in tables, by node of the
// emitter's spectrum.

fn is_in_packet(emitter: u32) -> bool {
    return DIPOLES && emitters[emitter].dipole_row != NONE;
}

// Rows of a node: where power goes, the directions of light that leaves the packet (a row of cosines, one of the shares
// below them), what is absorbed in it.
fn dipole_stride(absorbers: u32) -> u32 {
    return 2u * DIPOLE_CELLS + 4u + (absorbers + 3u) / 4u;
}

// First row of the photon's emitter at the photon's wavelength.
fn dipole_row(photon: ptr<function, Photon>) -> u32 {
    let emitter = emitters[(*photon).emitter];
    let stride = dipole_stride(packet_absorbers(emitter.packet_face));
    return emitter.dipole_row + ((*photon).node - emitter.first_node) * stride;
}

// Out of the packet, into waves that stay in it for good, or to one of its absorbers: a matter of shares.
fn radiate(photon: ptr<function, Photon>) {
    let row = dipole_row(photon);
    let u = uniform_f32(photon);
    let out = coefficient_rows[row];
    let stays = coefficient_rows[row + 1u];
    if u < out.w {
        emerge(photon, row, u32(u >= out.x) + u32(u >= out.y) + u32(u >= out.z));
    } else if u < stays.x {
        (*photon).fate = FATE_PLASMON;
    } else if u < stays.y {
        (*photon).fate = FATE_GUIDED;
    } else {
        reabsorb(photon, row, u);
    }
}

// Into a thick medium beside the packet. Ways: front s, front p, back s, back p.
fn emerge(photon: ptr<function, Photon>, row: u32, way: u32) {
    let u = uniform_f32(photon);
    var cell = row + 2u;
    for (var step = DIPOLE_CELLS; step > 1u; step /= 2u) {
        if u >= coefficient_rows[cell + step + 1u][way] {
            cell += step;
        }
    }
    let low = coefficient_rows[cell][way];
    let below_low = coefficient_rows[cell + 1u][way];
    let high = coefficient_rows[cell + 2u][way];
    let below_high = coefficient_rows[cell + 3u][way];
    let cosine = max(low + (high - low) * ((u - below_low) / (below_high - below_low)), GRAZING);
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
    let first = row + 2u * DIPOLE_CELLS + 4u;
    var absorber = 0u;
    while absorber + 1u < absorbers && u >= coefficient_rows[first + absorber / 4u][absorber % 4u] {
        absorber += 1u;
    }
    absorb_by(photon, face, absorber);
}
