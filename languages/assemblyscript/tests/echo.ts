const buffer = new ArrayBuffer(1024);
let text = '';
while (true) {
  const n = process.stdin.read(buffer);
  if (n <= 0) break;
  text += String.UTF8.decode(buffer.slice(0, n));
}
const lines = text.trimEnd().split('\n');
for (let i = 0; i < lines.length; i++) console.log('you said: ' + lines[i]);
