// A plane face between two media without absorption.

struct Fresnel {
    reflectance: f32,
    // Cosine of the refracted ray to the normal; 0 for total reflection.
    cos_t: f32,
}

// Power reflectance from a medium of index n_i into one of index n_t, for the cosine of the angle of incidence
// and the share of the power that is p: 1/2 gives (R_s + R_p) / 2 (PHYSICS.md, Fresnel).
fn fresnel(n_i: f32, n_t: f32, cos_i: f32, share_p: f32) -> Fresnel {
    // Snell's law, written so that equal indices change nothing; beyond the critical angle all is reflected
    let eta = n_i / n_t;
    let cos2_t = (1.0 - eta) * (1.0 + eta) + eta * eta * cos_i * cos_i;
    if cos2_t <= 0.0 {
        return Fresnel(1.0, 0.0);
    }
    let cos_t = sqrt(cos2_t);
    // r_s = (a - b) / (a + b) and r_p = (c - d) / (c + d), over one denominator
    let a = n_i * cos_i;
    let b = n_t * cos_t;
    let c = n_t * cos_i;
    let d = n_i * cos_t;
    let scale = 1.0 / ((a + b) * (c + d));
    let r_s = (a - b) * (c + d) * scale;
    let r_p = (c - d) * (a + b) * scale;
    return Fresnel((1.0 - share_p) * (r_s * r_s) + share_p * (r_p * r_p), cos_t);
}
