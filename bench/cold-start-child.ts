/** A container's start: loads the function, and ends once the control plane has answered it. */

const [bundle = ''] = process.argv.slice(2);
const start = performance.now();
require(bundle);
const loadMs = performance.now() - start;

const write = process.stdout.write.bind(process.stdout);
process.stdout.write = ((text: string) => {
  // An account without plans takes a single call.
  if (text.includes('usage plans loaded')) {
    const firstCallMs = performance.now() - start;
    process.stderr.write(JSON.stringify({ loadMs, firstCallMs }), () => process.exit());
  }
  return write(text);
}) as typeof process.stdout.write;
