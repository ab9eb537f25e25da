// Hocuspocus with its SQLite extension, as its documentation sets it up.
import { SQLite } from "@hocuspocus/extension-sqlite";
import { Server } from "@hocuspocus/server";

const { PORT, HOST, DATABASE } = process.env;
Server.configure({ port: Number(PORT), address: HOST, quiet: true, extensions: [new SQLite({ database: DATABASE })] }).listen();
