"""What SpacingTest holds sections against: python tools/golden/spacings.py

Prints which time steps improved-diffusion's space_timesteps takes: T, the counts of the sections, the
time steps. Kept as src/test/resources/org/tfddpm/diffusion/schedule/sections.txt. Needs
github.com/openai/improved-diffusion on the path.
"""

from improved_diffusion.respace import space_timesteps

CASES = [
    (300, "10,15,20"),
    (1000, "10"),
    (1000, "25"),
    (1000, "50"),
    (1000, "91"),
    (1000, "149"),
    (1000, "1"),
    (1000, "30,15,5"),
    (1000, "10,10,10,1,1,0"),
    (4000, "90,60,60,20,20"),
    (10, "4,2,1"),
    (7, "7"),
]

print("# improved-diffusion, improved_diffusion/respace.py")
for steps, counts in CASES:
    print(steps, counts, ",".join(str(t) for t in sorted(space_timesteps(steps, counts))))
