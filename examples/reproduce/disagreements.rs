//! Where the published numbers disagree with each other.

pub const TEXT: &str = "\
## Where the published numbers disagree with each other

Let q be the internal PLQY and p the chance that an emitted photon is reabsorbed. With no other loss, and with N counted in the limit
of q = 1,

    PLQY = q (1 - p) / (1 - q p)        N = 1 / (1 - p)

hold for any film, whatever its optics. Against them:

| published | follows | says |
|---|---|---|
| N_PR = 1.42 and eta_PR = 0.267 at 1 wt% | 1/(1 - 0.267) = 1.364 | the two differ by 4 %; 1.42 needs 0.296 |
| N_PR = 4.49 and eta_PR = 0.777 at 40 wt% | 1/(1 - 0.777) = 4.484 | consistent |
| PLQY = 98.1 % and eta_PR = 0.777 at 40 wt% | q = 0.9957 | just below the published \"above 99.6 %\" |
| PLQY = 100.0 % at 1 wt% | with q = 0.9957 and p = 0.267: 99.4 % | 100.0 % (above 99.95 %) needs q > 0.9996 |
| \"films with 100.0 % PLQY ... EQY of 91.4 %\", at 20 wt% | with q = 0.9957 and p near 0.70: PLQY 98.6 % | 100.0 % is the value of 1 wt%, the EQY that of 20 wt% |
| EQY = 91.4 % of at most 92.0 % at 20 wt% | A x PLQY with A = 0.92 and PLQY 98.6 %: 90.7 % | 91.4 % needs PLQY above 99.3 %, or A of 0.927, above the limit |
| EQY at most 92.0 % | a smooth face of index 1.58 to 1.61 reflects 5 to 5.5 %: at most 94.5 to 95 % | 92.0 % needs an index of 1.79, or 3 % of blue thrown back by haze |
| bare: 81 % at 1 wt%, 48 % at 40 wt% | with the shell's p: q = 0.853 and 0.805 | one q needs another p, as of a clearer and denser film (above); the shell's p with q = 0.853 give 56 % |

Whether eta_PR is p or q p is not said where the numbers stand; with q = 0.996 the two differ by 0.4 %, and the table at the top shows both. Whether the concentration counts the shell is not stated: half of the weighed mass is
taken as perovskite, and 0.35 to 0.7 fit as well, with another Stokes shift for each.
";
