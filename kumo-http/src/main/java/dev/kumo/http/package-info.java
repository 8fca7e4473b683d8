/**
 * The HTTP listener: injection and administration.
 *
 * <p>This package is all that an embedder sees. {@link dev.kumo.http.HttpListener} opens a port,
 * {@link dev.kumo.http.Inject} is the same door from within the process, and both take an
 * {@link dev.kumo.http.InjectRequest}. The rooms behind them are hidden, and each uses only those before it:
 *
 * <ul>
 *   <li>{@code answer}: what clients are told, refusals included, and JSON;
 *   <li>{@code secret}: passwords and tokens;
 *   <li>{@code metric}: what is counted;
 *   <li>{@code mime}: headers and parts of mail;
 *   <li>{@code template}: texts with gaps, in three dialects;
 *   <li>{@code wire}: HTTP/1.1 and HTTP/2, bodies and their encodings, time-outs and bounds; it hands requests to a
 *       {@code Service} and knows nothing of paths or mail;
 *   <li>{@code endpoint}: what the house answers, one endpoint a file, and the OpenAPI document;
 *   <li>{@code status}: the status page, and its live figures;
 *   <li>{@code trace}: what SMTP sessions say and hear;
 *   <li>this package: routes and who may use them ({@code Site}, {@code Router}, {@code Gate}), and the making of mail from
 *       injections ({@code Injector}, {@code Generator}, {@code Maker}, {@code BuiltMail}, {@code WholeMail}).
 * </ul>
 */
@NullMarked
package dev.kumo.http;

import org.jspecify.annotations.NullMarked;
