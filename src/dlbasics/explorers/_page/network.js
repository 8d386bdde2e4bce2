/* A trained network in the page: from ink to probabilities, as the package computes it.

   An image is one row of numbers, line by line, channels last, as NumPy lays it out:
   x[(row * width + column) * channels + channel]. Each layer below is a function from
   an image { height, width, channels, values } and the layer's numbers to an image. */
"use strict";

globalThis.dlbNetwork = (() => {
  const SIDE = 280, PEN = 22; // canvas and pen, in pixels of the canvas
  const IMAGE = 28, BOX = 20, MIDDLE = 14, TINY = 1e-6; // dlbasics.datasets.drawing

  // ------------------------------------------------------------------ from lines to ink

  /** Draw a piece of a line into the ink of a canvas, with a round pen. */
  function addPiece(ink, [x, y], [x2, y2], width = PEN) {
    const dx = x2 - x, dy = y2 - y, length2 = dx * dx + dy * dy || 1;
    const reach = width / 2 + 1;
    const from = (a, b) => Math.max(0, Math.floor(Math.min(a, b) - reach));
    const to = (a, b) => Math.min(SIDE - 1, Math.ceil(Math.max(a, b) + reach));
    for (let row = from(y, y2); row <= to(y, y2); row++) {
      for (let column = from(x, x2); column <= to(x, x2); column++) {
        const right = column + 0.5 - x, down = row + 0.5 - y;
        const along = clip((right * dx + down * dy) / length2);
        const distance = Math.sqrt((right - along * dx) ** 2 + (down - along * dy) ** 2);
        const covered = clip(width / 2 + 0.5 - distance);
        const i = row * SIDE + column;
        if (covered > ink[i]) ink[i] = covered;
      }
    }
  }

  function addLine(ink, points) {
    if (points.length === 1) addPiece(ink, points[0], points[0]);
    for (let i = 1; i < points.length; i++) addPiece(ink, points[i - 1], points[i]);
  }

  /** Put an image of 28 × 28 on the canvas, ten times enlarged. */
  function addImage(ink, image) {
    const times = SIDE / IMAGE;
    for (let i = 0; i < ink.length; i++) {
      const row = Math.floor(i / SIDE / times), column = Math.floor((i % SIDE) / times);
      ink[i] = Math.max(ink[i], image[row * IMAGE + column]);
    }
  }

  const clip = (share) => Math.min(1, Math.max(0, share));

  // ----------------------------------------------- from ink to an image like those of MNIST

  /** Cut out the ink, scale its longer side to 20 pixels, center it by mass in 28 × 28. */
  function likeMnist(ink) {
    const image = new Float32Array(IMAGE * IMAGE);
    const masses = [new Float64Array(SIDE), new Float64Array(SIDE)]; // of rows, columns
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column < SIDE; column++) {
        masses[0][row] += ink[row * SIDE + column];
        masses[1][column] += ink[row * SIDE + column];
      }
    }
    const extents = masses.map((mass) => [mass.findIndex((m) => m > 0),
      mass.findLastIndex((m) => m > 0) + 1]);
    if (extents[0][0] < 0) return image; // no ink
    const scale = Math.max(...extents.map(([first, end]) => end - first)) / BOX;
    const [rows, columns] = [0, 1].map((i) => shares(masses[i], ...extents[i], scale));
    for (let r = 0; r < IMAGE; r++) {
      for (let c = 0; c < IMAGE; c++) {
        let sum = 0;
        for (const [row, high] of rows[r]) {
          for (const [column, wide] of columns[c]) {
            sum += high * wide * ink[row * SIDE + column];
          }
        }
        image[r * IMAGE + c] = sum;
      }
    }
    return image;
  }

  /** For each new row (or column), the old ones in it: [[old, share], …]. */
  function shares(mass, first, end, scale) {
    let total = 0, moment = 0;
    mass.forEach((m, i) => { total += m; moment += (i + 0.5) * m; });
    const center = (moment / total - first) / scale;
    const room = Math.floor(IMAGE - (end - first) / scale + TINY);
    const before = Math.min(Math.max(MIDDLE - Math.floor(center + TINY), 0), room);
    return Array.from({ length: IMAGE }, (_, k) => {
      const low = first + (k - before) * scale, high = first + (k + 1 - before) * scale;
      const inside = [];
      for (let i = Math.max(0, Math.floor(low)); i < Math.min(SIDE, high); i++) {
        const share = (Math.min(high, i + 1) - Math.max(low, i)) / scale;
        if (share > 0) inside.push([i, share]);
      }
      return inside;
    });
  }

  // -------------------------------------------------------------------------- the layers

  const layers = {
    /** Every filter looks at the window around every pixel; paper beyond the border. */
    conv2d({ height, width, channels, values: x }, { W, b }) {
      const [size, , , n] = W.shape, half = (size - 1) / 2;
      const y = new Float32Array(height * width * n), sums = new Float64Array(n);
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          sums.set(b.values);
          for (let i = 0; i < size; i++) {
            const r = row + i - half;
            if (r < 0 || r >= height) continue;
            for (let j = 0; j < size; j++) {
              const c = column + j - half;
              if (c < 0 || c >= width) continue;
              let w = (i * size + j) * channels * n; // where the weights of (i, j) begin
              const place = (r * width + c) * channels;
              for (let m = 0; m < channels; m++, w += n) {
                const value = x[place + m];
                if (value === 0) continue; // half of all values, behind a ReLU
                for (let k = 0; k < n; k++) sums[k] += value * W.values[w + k];
              }
            }
          }
          y.set(sums, (row * width + column) * n);
        }
      }
      return { height, width, channels: n, values: y };
    },

    /** At inference no more than a scale and a shift for each channel. */
    batchnorm(x, { scale, shift }) {
      const n = x.channels;
      const y = x.values.map((v, i) => v * scale.values[i % n] + shift.values[i % n]);
      return { ...x, values: y };
    },

    relu(x) {
      return { ...x, values: x.values.map((v) => Math.max(v, 0)) };
    },

    /** The largest number in each window of size × size, window beside window. */
    maxpool2d({ height, width, channels, values: x }, { size }) {
      const rows = Math.floor(height / size), columns = Math.floor(width / size);
      const y = new Float32Array(rows * columns * channels).fill(-Infinity);
      for (let row = 0; row < rows * size; row++) {
        for (let column = 0; column < columns * size; column++) {
          const from = (row * width + column) * channels;
          const to = (Math.floor(row / size) * columns + Math.floor(column / size)) * channels;
          for (let k = 0; k < channels; k++) y[to + k] = Math.max(y[to + k], x[from + k]);
        }
      }
      return { height: rows, width: columns, channels, values: y };
    },

    flatten({ values }) {
      return { height: 1, width: 1, channels: values.length, values };
    },

    dense({ values: x }, { W, b }) {
      const n = b.values.length, sums = Float64Array.from(b.values);
      for (let i = 0; i < x.length; i++) {
        for (let k = 0; k < n; k++) sums[k] += x[i] * W.values[i * n + k];
      }
      return { height: 1, width: 1, channels: n, values: Float32Array.from(sums) };
    },
  };

  /** Return the probabilities of the classes for one image of 28 × 28. */
  function forward(network, image) {
    let x = { height: IMAGE, width: IMAGE, channels: 1, values: image };
    for (const layer of network) x = layers[layer.kind](x, layer);
    return softmax(x.values);
  }

  function softmax(scores) {
    const most = Math.max(...scores);
    const powers = Array.from(scores, (score) => Math.exp(score - most));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / sum);
  }

  // ------------------------------------------------------------ arrays as the file has them

  /** Turn every { shape, type, data } below `value` into { shape, values }. */
  function unpack(value) {
    if (typeof value !== "object" || value === null) return value;
    if ("data" in value) return { shape: value.shape, values: numbers(value) };
    if (Array.isArray(value)) return value.map(unpack);
    return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, unpack(v)]));
  }

  function numbers({ type, data }) {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    if (type === "ink") return Float32Array.from(bytes, (v) => v / 255);
    if (type === "float32") return new Float32Array(bytes.buffer);
    if (type === "float16") return Float32Array.from(new Uint16Array(bytes.buffer), half);
    throw new Error(`no such numbers: ${type}`);
  }

  /** Read 16 bits as a sign, five bits of exponent and ten of mantissa. */
  function half(bits) {
    const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, rest = bits & 1023;
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + rest / 1024) : 2 ** -24 * rest);
  }

  return { SIDE, PEN, IMAGE, addLine, addPiece, addImage, likeMnist, layers, forward, unpack };
})();
