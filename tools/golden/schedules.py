"""What ScheduleTest holds the schedules against: python tools/golden/schedules.py

Prints alphaBar of diffusers' schedules at some steps of T = 1000, in the format of
src/test/resources/org/tfddpm/diffusion/schedule/diffusers.txt. Needs diffusers and torch. diffusers
calculates in float32, so the numbers hold to about 1e-5 of 1 - alphaBar and alphaBar.
"""

import warnings

import diffusers

warnings.filterwarnings("ignore")
T = 1000
STEPS = [0, 1, 10, 99, 250, 499, 750, 900, 998, 999]

KINDS = {
    "LINEAR": dict(beta_schedule="linear"),
    "COSINE": dict(beta_schedule="squaredcos_cap_v2"),
    "QUADRATIC": dict(beta_schedule="scaled_linear"),
    "SIGMOID": dict(beta_schedule="sigmoid"),
    "LINEAR zero_terminal_snr": dict(beta_schedule="linear", rescale_betas_zero_snr=True),
    "COSINE zero_terminal_snr": dict(beta_schedule="squaredcos_cap_v2", rescale_betas_zero_snr=True),
}

print("# diffusers", diffusers.__version__, "beta 1e-4 ... 0.02, T", T)
for name, options in KINDS.items():
    kind = diffusers.DDPMScheduler if name == "SIGMOID" else diffusers.DDIMScheduler
    schedule = kind(num_train_timesteps=T, beta_start=1e-4, beta_end=0.02, **options)
    for t in STEPS:
        print(f"{name} {t} {schedule.alphas_cumprod[t].item():.9g}")
