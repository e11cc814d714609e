// Node's http server with the same answer. Arguments: port.
const http = require('http');
const server = http.createServer((request, response) => {
    response.setHeader('Content-Type', 'text/plain');
    response.end('Hello, World!');
});
server.listen(Number(process.argv[2]), '127.0.0.1', 511);
