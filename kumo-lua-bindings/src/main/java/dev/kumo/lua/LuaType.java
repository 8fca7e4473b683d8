package dev.kumo.lua;

import java.util.Map;

/**
 * A kind of Java object that scripts hold and call methods of.
 *
 * @param name of it in errors
 * @param of the class of the objects
 * @param kept whether an object lives as long as a script holds it; else until the event ends in which the script was given it
 * @param methods by name; {@code __tostring} and {@code __index} are what they are in Lua
 */
record LuaType(String name, Class<?> of, boolean kept, Map<String, LuaFunction> methods) {}
