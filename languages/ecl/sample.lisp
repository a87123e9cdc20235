;; Objects that answer together: a method is chosen by the kinds of all its arguments.
(defclass thing () ())
(defclass rock (thing) ())
(defclass paper (thing) ())
(defclass scissors (thing) ())

(defgeneric beats (a b)
  (:method ((a thing) (b thing)) nil))
(defmethod beats ((a rock) (b scissors)) "blunts")
(defmethod beats ((a paper) (b rock)) "wraps")
(defmethod beats ((a scissors) (b paper)) "cuts")

(defun name (x) (string-downcase (class-name (class-of x))))

(let ((things (mapcar #'make-instance '(rock paper scissors))))
  (dolist (a things)
    (dolist (b things)
      (let ((how (beats a b)))
        (when how
          (format t "~:(~a~) ~a ~a.~%" (name a) how (name b)))))))
