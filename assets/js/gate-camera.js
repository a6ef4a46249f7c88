/* The camera of the gate: the browser's own reader of QR codes where it has one, else the decoder that the build brought. */
(() => {
    'use strict';

    const gate = globalThis.gate ??= {};
    const PAUSE = 120, SAME_CODE = 3000, WIDE = 800;
    let stream = null, timer = 0, paused = false, last = '', lastAt = 0;

    const reader = async () => {
        if (globalThis.BarcodeDetector) {
            const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
            if (formats.includes('qr_code')) {
                const detector = new BarcodeDetector({ formats: ['qr_code'] });
                return async (video) => (await detector.detect(video))[0]?.rawValue ?? '';
            }
        }
        if (!gate.decoder) throw new Error('BarcodeDetector');
        const { decodeQR } = await import(gate.decoder);
        const canvas = document.createElement('canvas');
        const drawing = canvas.getContext('2d', { willReadFrequently: true });
        return async (video) => {
            const scale = Math.min(1, WIDE / video.videoWidth);
            canvas.width = Math.round(video.videoWidth * scale);
            canvas.height = Math.round(video.videoHeight * scale);
            drawing.drawImage(video, 0, 0, canvas.width, canvas.height);
            const { data, width, height } = drawing.getImageData(0, 0, canvas.width, canvas.height);
            try {
                return decodeQR({ data, width, height });
            } catch {
                return ''; // nothing that looks like a code in this picture
            }
        };
    };

    const stop = () => {
        clearTimeout(timer);
        for (const track of stream?.getTracks() ?? []) track.stop();
        stream = null;
    };

    gate.camera = {
        get open() { return stream !== null; },
        pause(on) { paused = on; },
        stop,
        async start(video, found) {
            const read = await reader();
            stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } });
            video.srcObject = stream;
            await video.play();
            const look = async () => {
                if (!stream) return;
                const code = paused || video.readyState < 2 ? '' : await read(video).catch(() => '');
                if (code && (code !== last || Date.now() - lastAt > SAME_CODE)) {
                    last = code;
                    lastAt = Date.now();
                    found(code);
                }
                if (stream) timer = setTimeout(look, PAUSE);
            };
            look();
        },
    };
})();
