package org.allclose.kernel;
public final class ElementaryFunctions {
  public static double exp(double x){return Exp.exp(x);} public static double log(double x){return Log.log(x);} public static double pow(double x,double y){return Pow.pow(x,y);} public static double expm1(double x){return Expm1.expm1(x);} public static double log1p(double x){return Log1p.log1p(x);} public static double tanh(double x){return Tanh.tanh(x);} public static double erf(double x){return Erf.erf(x);}
}
