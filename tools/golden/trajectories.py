"""What TrajectoriesTest holds the samplers against: python tools/golden/trajectories.py

Prints where diffusers' schedulers lead from x_T with a network of one line, epsilon = 0.9 sin(x +
0.003 t): the sampler, its time steps, x_T, x_0 (of DDIM_INVERT x_0, x_T). Kept as
src/test/resources/org/tfddpm/diffusion/sampler/trajectories.txt. Needs diffusers and torch.
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


class ThirdOrder(diffusers.DPMSolverMultistepScheduler):
    """With the whole second derivative of the parabola through the last three estimates. diffusers, as
    the paper's authors, takes half of it, which leaves the method at second order."""

    def multistep_dpm_solver_third_order_update(self, model_output_list, *args, sample=None, **kwargs):
        half = super().multistep_dpm_solver_third_order_update(model_output_list, sample=sample)
        sigmas = self.sigmas[self.step_index - 2 : self.step_index + 2].double()
        steps = torch.diff(-torch.log(sigmas))
        m2, m1, m0 = model_output_list[-3:]
        r1, r0 = steps[0] / steps[2], steps[1] / steps[2]
        d2 = ((m0 - m1) / r0 - (m1 - m2) / r1) / (r0 + r1)
        h = steps[2]
        return half - self._sigma_to_alpha_sigma_t(sigmas[-1])[0] * ((torch.exp(-h) - 1 + h) / h**2 - 0.5) * d2


def dpmpp_3m(options, steps):
    s = ThirdOrder(
        **options, solver_order=3, timestep_spacing="leading", final_sigmas_type="zero", lower_order_final=False
    )
    s.set_timesteps(steps)
    x = X_T.clone()
    for t in s.timesteps:
        x = s.step(epsilon(x, t), t, x).prev_sample
    return list(s.timesteps), x


def edm(scheduler, options, steps):
    s = scheduler(**options, timestep_spacing="leading")
    s.set_timesteps(steps)
    # Its samples are x / sqrt(alphaBar); sigma = sqrt((1-alphaBar)/alphaBar).
    x = X_T * torch.sqrt(1 + s.sigmas[0].double() ** 2)
    for t in s.timesteps:
        x = s.step(epsilon(s.scale_model_input(x, t), t), t, x).prev_sample
    return list(dict.fromkeys(s.timesteps.tolist())), x


def heun(options, steps):
    return edm(diffusers.HeunDiscreteScheduler, options, steps)


def euler(options, steps):
    return edm(diffusers.EulerDiscreteScheduler, options, steps)


def ddim_invert(options, steps):
    s = diffusers.DDIMInverseScheduler(**options, clip_sample=False)
    s.set_timesteps(steps)
    x = X_T.clone()
    # The first of its steps begins below 0.
    t = s.timesteps.tolist()
    for start, end in zip(t, t[1:]):
        x = s.step(epsilon(x, start), end, x).prev_sample
    return t, x


def treated(**treatment):
    """DDIM whose x0Hat is treated, with the epsilon that follows."""

    def ddim(options, steps):
        s = diffusers.DDIMScheduler(**options, **treatment, set_alpha_to_one=True)
        s.set_timesteps(steps)
        x = X_T.reshape(1, 4, 1)
        for t in s.timesteps:
            x = s.step(epsilon(x, t), t, x, use_clipped_model_output=True).prev_sample
        return list(s.timesteps), x.reshape(1, 4)

    return ddim


SAMPLERS = {
    "DDIM": ddim,
    "DPMPP_2M": dpmpp_2m,
    "HEUN": heun,
    "DPMPP_3M": dpmpp_3m,
    "EULER": euler,
    "DDIM_INVERT": ddim_invert,
    "DDIM_CLIP": treated(clip_sample=True),
    # The four numbers of x are one image.
    "DDIM_DYNAMIC": treated(
        clip_sample=False, thresholding=True, dynamic_thresholding_ratio=0.8, sample_max_value=1e9
    ),
}

print("# diffusers", diffusers.__version__)
for name, sampler in SAMPLERS.items():
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
