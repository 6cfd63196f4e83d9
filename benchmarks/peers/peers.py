"""What Millrace is measured beside: Gymnasium's vectorised CartPole with a PyTorch policy, and one
update of a double dueling DQN in eager PyTorch, each on one thread.

Says its versions, then answers every line of its input, "acting" or "update", with a number:
environment steps per CPU second, or CPU milliseconds. `benchmarks/run peers --python PATH` asks.
"""

import sys
import time

try:
    import gymnasium
    import numpy
    import torch
except ImportError as missing:
    sys.exit(f"peers.py: {missing}; it needs numpy, gymnasium and torch")

ENVIRONMENTS = 64
BATCH = 64
SLICE_SECONDS = 1.0


class Dueling(torch.nn.Module):
    """4-128-128, and a head of one value and two advantages."""

    def __init__(self):
        super().__init__()
        self.body = torch.nn.Sequential(
            torch.nn.Linear(4, 128), torch.nn.ReLU(), torch.nn.Linear(128, 128), torch.nn.ReLU()
        )
        self.head = torch.nn.Linear(128, 3)

    def forward(self, observations):
        raw = self.head(self.body(observations))
        value, advantages = raw[:, :1], raw[:, 1:]
        return value + advantages - advantages.mean(dim=1, keepdim=True)


def cpu_seconds(work, calls):
    """CPU seconds of one call of `work`, over a slice of many."""
    done = 0
    begin = time.process_time()
    end = begin
    while end - begin < SLICE_SECONDS:
        for _ in range(calls):
            work()
        done += calls
        end = time.process_time()
    return (end - begin) / done


class Acting:
    def __init__(self):
        self.policy = Dueling()
        self.environments = gymnasium.make_vec(
            "CartPole-v1", num_envs=ENVIRONMENTS, vectorization_mode="vector_entry_point"
        )
        self.observations, _ = self.environments.reset(seed=1)

    def step(self):
        with torch.inference_mode():
            values = self.policy(torch.from_numpy(numpy.asarray(self.observations, numpy.float32)))
            actions = values.argmax(dim=1).numpy()
        self.observations = self.environments.step(actions)[0]

    def measure(self):
        return ENVIRONMENTS / cpu_seconds(self.step, 50)


class Update:
    def __init__(self):
        self.online = Dueling()
        self.target = Dueling()
        self.target.load_state_dict(self.online.state_dict())
        self.optimizer = torch.optim.Adam(self.online.parameters(), lr=1e-3)
        self.observations = torch.randn(BATCH, 4)
        self.next_observations = torch.randn(BATCH, 4)
        self.actions = torch.randint(2, (BATCH, 1))
        self.rewards = torch.ones(BATCH, 1)
        self.discounts = torch.full((BATCH, 1), 0.95)
        self.weights = torch.ones(BATCH, 1)

    def step(self):
        with torch.no_grad():
            best = self.online(self.next_observations).argmax(dim=1, keepdim=True)
            bootstrap = self.target(self.next_observations).gather(1, best)
            targets = self.rewards + self.discounts * bootstrap
        values = self.online(self.observations).gather(1, self.actions)
        losses = torch.nn.functional.huber_loss(values, targets, reduction="none")
        loss = (self.weights * losses).mean()
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.online.parameters(), 10.0)
        self.optimizer.step()
        return (targets - values).abs().detach().numpy()

    def measure(self):
        return 1e3 * cpu_seconds(self.step, 50)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    peers = {"acting": Acting(), "update": Update()}
    print(f"gymnasium {gymnasium.__version__}, torch {torch.__version__}", flush=True)
    for line in sys.stdin:
        print(peers[line.strip()].measure(), flush=True)


if __name__ == "__main__":
    main()
