#!/usr/bin/env node
// Where the command begins. It keeps this name, because npx remembers it for a folder in which it was typed before; all else is in bin.cjs.
import './bin.cjs';
