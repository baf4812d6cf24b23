"""What TrajectoriesTest holds the samplers against: python tools/golden/trajectories.py

Prints where diffusers' schedulers lead from x_T with a network of one line, epsilon = 0.9 sin(x +
0.003 t): the sampler, its time steps, x_T, x_0. Kept as
src/test/resources/org/tfddpm/diffusion/trajectories.txt. Needs diffusers and torch.
"""

import diffusers
import torch

X_T = torch.tensor([[-1.7, -0.4, 0.3, 1.9]], dtype=torch.float64)
LINEAR = dict(beta_schedule="linear", beta_start=1e-4, beta_end=0.02)
COSINE = dict(beta_schedule="squaredcos_cap_v2")


def epsilon(x, t):
    return 0.9 * torch.sin(x + 0.003 * float(t))


def ddim(options, steps):
    s = diffusers.DDIMScheduler(**options, clip_sample=False, set_alpha_to_one=True)
    s.set_timesteps(steps)
    x = X_T.clone()
    for t in s.timesteps:
        x = s.step(epsilon(x, t), t, x).prev_sample
    return list(s.timesteps), x


def dpmpp_2m(options, steps):
    s = diffusers.DPMSolverMultistepScheduler(**options, timestep_spacing="leading", final_sigmas_type="zero")
    s.set_timesteps(steps)
    x = X_T.clone()
    for t in s.timesteps:
        x = s.step(epsilon(x, t), t, x).prev_sample
    return list(s.timesteps), x


def heun(options, steps):
    s = diffusers.HeunDiscreteScheduler(**options, timestep_spacing="leading")
    s.set_timesteps(steps)
    # Its samples are x / sqrt(alphaBar); sigma = sqrt((1-alphaBar)/alphaBar).
    x = X_T * torch.sqrt(1 + s.sigmas[0].double() ** 2)
    for t in s.timesteps:
        x = s.step(epsilon(s.scale_model_input(x, t), t), t, x).prev_sample
    return list(dict.fromkeys(s.timesteps.tolist())), x


print("# diffusers", diffusers.__version__)
for name, sampler in (("DDIM", ddim), ("DPMPP_2M", dpmpp_2m), ("HEUN", heun)):
    for schedule, options in (("LINEAR", LINEAR), ("COSINE", COSINE)):
        for steps in (5, 20):
            t, x = sampler(options, steps)
            print(
                name,
                schedule,
                ",".join(str(int(i)) for i in t),
                ",".join(f"{v:.9g}" for v in X_T[0].tolist()),
                ",".join(f"{v:.9g}" for v in x[0].tolist()),
            )
