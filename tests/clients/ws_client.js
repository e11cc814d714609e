// node's ws (Debian: node-ws) and a server that sends back what it gets.   node ws_client.js PORT TLS_PORT CERTIFICATE
// It says "ok WHAT" for what it has found right, and "ok the end" at last.
const fs = require('fs');
const crypto = require('crypto');
const WebSocket = require('ws');

const [port, tlsPort, certificate] = process.argv.slice(2);
const plain = `ws://127.0.0.1:${port}/`;
const check = (what, good) => console.log((good ? 'ok ' : 'FAIL ') + what);

/** A WebSocket whose messages can be waited for. */
async function open(url, options = {}, protocols = []) {
    const socket = new WebSocket(url, protocols, options);
    const come = [], wanted = [];
    socket.on('message', (data, isBinary) => (wanted.length ? wanted.shift()({ data, isBinary }) : come.push({ data, isBinary })));
    socket.closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })));
    socket.next = () => new Promise((resolve) => (come.length ? resolve(come.shift()) : wanted.push(resolve)));
    await new Promise((resolve, reject) => { socket.on('open', resolve); socket.on('error', reject); });
    return socket;
}

async function talk(url, what, options) {
    const socket = await open(url, options);
    for (const message of ['hello', 'Grüße 🦀', '', Buffer.alloc(300, 0xff), 'x'.repeat(65536), crypto.randomBytes(1 << 20)]) {
        socket.send(message);
        const { data, isBinary } = await socket.next();
        const isSame = data.equals(Buffer.from(message)) && isBinary === Buffer.isBuffer(message);
        if (!isSame) return check(`${what}: ${message.length} come back as ${data.length}`, false);
    }
    socket.send('in ', { fin: false });
    socket.send('parts', { fin: true });
    check(`${what}: parts are joined`, (await socket.next()).data.toString() === 'in parts');
    const pong = new Promise((resolve) => socket.on('pong', resolve));
    socket.ping('there?');
    check(`${what}: a ping is answered`, (await pong).toString() === 'there?');
    check(`${what}: compression is agreed on as wanted`, socket.extensions.includes('permessage-deflate') === (options.perMessageDeflate !== false));
    socket.close(4321, 'good-bye');
    check(`${what}: closed with the same code`, (await socket.closed).code === 4321);
}

async function main() {
    await talk(plain, 'with compression', {});
    await talk(plain, 'with compression of everything', { perMessageDeflate: { threshold: 0 } });
    await talk(plain, 'without compression', { perMessageDeflate: false });
    await talk(`wss://localhost:${tlsPort}/`, 'over TLS', { ca: fs.readFileSync(certificate) });
    const chat = await open(plain, {}, ['other', 'chat']);
    check('the subprotocol is agreed on', chat.protocol === 'chat');
    chat.terminate();
    const sockets = await Promise.all(Array.from({ length: 100 }, () => open(plain)));
    const answers = await Promise.all(sockets.map((socket, number) => { socket.send(`${number}`); return socket.next(); }));
    check('100 at once', answers.every(({ data }, number) => data.toString() === `${number}`));
    sockets.forEach((socket) => socket.close());
    await Promise.all(sockets.map((socket) => socket.closed));
    console.log('ok the end');
}

setTimeout(() => { console.log('FAIL it takes too long'); process.exit(1); }, 50_000).unref();
main().catch((error) => { console.log('FAIL ' + error.stack); process.exit(1); });
