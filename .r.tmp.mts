import { readFileSync, readdirSync, mkdirSync, writeFileSync } from 'node:fs';
import { createDiskStore } from './documents/disk-store.ts';
import { inspectDocument } from './documents/inspect.ts';
import { closeOcr, readDocument } from './activities/ocr/read-document.ts';
import { aCall } from './test/documents/call.ts';
process.env.DOCUMENTS_DIR='/tmp/d/store'; mkdirSync('/tmp/d/readings',{recursive:true});
const store=createDiskStore({directory:'/tmp/d/store'});
for(const f of readdirSync('samples/documents')){ if(process.argv[2]&&!f.startsWith(process.argv[2])) continue; const bytes=readFileSync('samples/documents/'+f); const {mediaType}=await inspectDocument(bytes); const ref=await store.put(bytes,mediaType); const t=Date.now(); const out=await readDocument.run({document:ref},aCall()); console.log(f,Date.now()-t,'ms',out.source,out.words,out.confidence.toFixed(3));
 const r=JSON.parse(Buffer.from((await store.get(out.reading.sha256))!.bytes).toString()); writeFileSync('/tmp/d/readings/'+f+'.json',JSON.stringify(r));
 if(out.source==='ocr') console.log('   ',r.pages[0].words.map((w:any)=>w.text+(w.confidence<0.9?':'+w.confidence:'')).join(' ').slice(0,3000)); }
await closeOcr();
