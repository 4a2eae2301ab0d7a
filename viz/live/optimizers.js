// ── Optimisers: those of nn.optimizers, with the names of their settings and of what they remember ───────────────────

// Each changes parameters and memory in place; `step` counts from 1. The order of operations is that of Python's.
const MOVES = {
  SGD(theta, gradient, { velocity }, rate, step, { momentum, nesterov, weight_decay }) {
    for (let k = 0; k < theta.length; k++) {
      let g = gradient[k];
      if (weight_decay) g += weight_decay * theta[k];
      if (momentum) {
        velocity[k] = momentum * velocity[k] + g;
        g = nesterov ? g + momentum * velocity[k] : velocity[k];
      }
      theta[k] -= rate * g;
    }
  },

  RMSProp(theta, gradient, { square }, rate, step, { decay, epsilon }) {
    for (let k = 0; k < theta.length; k++) {
      square[k] = decay * square[k] + (1 - decay) * gradient[k] * gradient[k];
      theta[k] -= (rate * gradient[k]) / (Math.sqrt(square[k]) + epsilon);
    }
  },

  Adam(theta, gradient, { mean, square }, rate, step, { beta1, beta2, epsilon, weight_decay = 0 }) {
    const first = 1 - beta1 ** step,
      second = 1 - beta2 ** step;
    for (let k = 0; k < theta.length; k++) {
      mean[k] = beta1 * mean[k] + (1 - beta1) * gradient[k];
      square[k] = beta2 * square[k] + (1 - beta2) * gradient[k] * gradient[k];
      const decayed = theta[k] * (1 - rate * weight_decay);
      theta[k] = decayed - (rate * (mean[k] / first)) / (Math.sqrt(square[k] / second) + epsilon);
    }
  },
};
MOVES.AdamW = MOVES.Adam;

const freshMemory = (rule, count) => Object.fromEntries(rule.memory.map((name) => [name, new Float64Array(count)]));

// Those of nn.optimizers.schedules: the rate after so many steps.
const SCHEDULES = {
  ConstantSchedule: ({ rate }) => rate,
  StepSchedule: ({ start, every, factor }, steps) => start * factor ** Math.floor(steps / every),
  LinearSchedule: ({ start, end, steps: all }, steps) => start + (end - start) * Math.min(steps / all, 1),
  CosineSchedule: ({ start, end, steps: all }, steps) =>
    end + 0.5 * (start - end) * (1 + Math.cos(Math.PI * Math.min(steps / all, 1))),
};
