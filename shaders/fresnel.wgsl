// A plane face between two media: clear ones, or such as absorb.

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

// The same where media absorb: each by its whole index, n and k. Light gets into one that absorbs beyond the critical
// angle, too, and along its face (PHYSICS.md, Faces of absorbers).
fn fresnel_absorbing(index_i: vec2<f32>, index_t: vec2<f32>, cos_i: f32, share_p: f32) -> Fresnel {
    let eta = index_i.x / index_t.x;
    let cos2_t = (1.0 - eta) * (1.0 + eta) + eta * eta * cos_i * cos_i;
    if cos2_t <= 0.0 && index_t.y == 0.0 {
        return Fresnel(1.0, 0.0);
    }
    // the squares of both indices, and of their parts normal to the face
    let eps_i = complex_product(index_i, index_i);
    let eps_t = complex_product(index_t, index_t);
    let n_cos_i = index_i.x * cos_i;
    let q_i = complex_root(vec2(n_cos_i * n_cos_i - index_i.y * index_i.y, eps_i.y));
    let q_t = complex_root(vec2(index_t.x * index_t.x * cos2_t - index_t.y * index_t.y, eps_t.y));
    let passed_s = passed(q_i, q_t);
    let passed_p = passed(complex_product(q_i, eps_t), complex_product(q_t, eps_i));
    return Fresnel(1.0 - ((1.0 - share_p) * passed_s + share_p * passed_p), sqrt(max(cos2_t, 0.0)));
}

// The share 1 - |(a - b) / (a + b)|^2 of a wave that an interface lets pass.
fn passed(a: vec2<f32>, b: vec2<f32>) -> f32 {
    let sum = a + b;
    return clamp(4.0 * dot(a, b) / dot(sum, sum), 0.0, 1.0);
}

fn complex_product(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
    return vec2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

// The root, without negative parts, of a number whose imaginary part is not negative.
fn complex_root(z: vec2<f32>) -> vec2<f32> {
    let larger = sqrt(0.5 * (abs(z.x) + sqrt(z.x * z.x + z.y * z.y)));
    let smaller = 0.5 * z.y / max(larger, GRAZING);
    return select(vec2(smaller, larger), vec2(larger, smaller), z.x >= 0.0);
}
