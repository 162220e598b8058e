package weir.http;

import io.helidon.webserver.http.HttpRouting;
import weir.access.Access;

/** The paths of one port as they are added: who may use them, and which pages may call them. */
record Routes(HttpRouting.Builder builder, Access access, Cors cors) {}
